export { bulkUploadNotification } from './bulk-upload-notification';
