export { bulkResend } from './bulk-resend/bulk-resend';
export { bulkUploadNotification } from './notification/bulk-upload-notification';
export { watchUpload } from './upload-watch/watch-upload';
