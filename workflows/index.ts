export { bulkUploadNotification } from './bulk-upload-notification';
export { sweepUploads } from './sweep-uploads';
export { watchUpload } from './watch-upload';
