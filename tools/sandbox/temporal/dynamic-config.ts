/** What newer servers have as their defaults, and search attributes that work once registered. */
export const dynamicConfig = {
  'matching.useNewMatcher': true,
  'system.enableActivityEagerExecution': true,
  'frontend.WorkerHeartbeatsEnabled': true,
  'system.forceSearchAttributesCacheRefreshOnRead': true,
};
