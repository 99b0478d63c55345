import { refusal } from '../../http/errors';

export const invalidRequest = (faults: string[]) =>
  refusal(400, 'invalid_request', faults.join('; '));
export const jsonExpected = () =>
  refusal(415, 'json_expected', 'The body must be JSON: Content-Type application/json');
export const notificationNotFound = () =>
  refusal(404, 'notification_not_found', 'Nothing is known of this notification');
export const bulkNotFound = () =>
  refusal(404, 'bulk_not_found', 'There is no such bulk resend, or it started this moment');
export const previewNotPossible = () =>
  refusal(404, 'preview_not_possible', 'The ledger does not know the file of this notification');
export const previewNotConfigured = () =>
  refusal(404, 'preview_not_configured', 'The API has no SMTP_FROM_* and BULK_UPLOAD_EMAIL_*');
export const requestIdTaken = (why: string) => refusal(409, 'request_id_taken', why);
export const bulkRefused = (faults: string[]) => refusal(409, 'bulk_refused', faults.join(' '));
