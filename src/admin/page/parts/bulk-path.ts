import { BULK_ID_PREFIX } from '../../../../workflows/core/bulk-request';

export const bulkPath = (bulkId: string) => `/bulk-resends/${bulkId.slice(BULK_ID_PREFIX.length)}`;
export const bulkIdOfPath = (name: string) => `${BULK_ID_PREFIX}${name}`;
