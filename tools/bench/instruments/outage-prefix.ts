/** The IDs of tasks for which the provider is out of order begin with this. */
export const OUTAGE_PREFIX = '00000000-';
