export { bulkUploadNotification } from './notification/bulk-upload-notification';
export { sweepUploads } from './upload-watch/sweep-uploads';
export { watchUpload } from './upload-watch/watch-upload';
