import { randomBytes } from 'node:crypto';
import { BULK_ID_PREFIX } from '../../workflows/core/bulk-request';

export const newBulkId = () => `${BULK_ID_PREFIX}${randomBytes(16).toString('hex')}`;
