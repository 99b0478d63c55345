import * as bulks from './bulk-endpoints';
import type { Endpoint } from './endpoint';
import * as notifications from './notification-endpoints';
import * as previews from './preview-endpoints';

/** Every operation of the admin API, in the order of its documentation. */
export const ENDPOINTS: readonly Endpoint[] = [
  notifications.search,
  notifications.searchByBody,
  notifications.listNotifications,
  notifications.showNotification,
  notifications.countNotifications,
  notifications.countDays,
  notifications.requestResend,
  previews.previewMail,
  previews.previewNotificationMail,
  bulks.previewBulk,
  bulks.startBulk,
  bulks.listBulks,
  bulks.showBulk,
  bulks.listBulkItems,
  bulks.cancelBulk,
];
