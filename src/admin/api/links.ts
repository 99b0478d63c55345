/** Parameters of other operations, by operation: where an answer has their values (OpenAPI's links). */
export type Links = Record<string, Record<string, string>>;

/** What takes the ID of the notification that stands there in an answer. */
export const linksToNotification = (eventId: string): Links => ({
  showNotification: { event_id: eventId },
  requestResend: { event_id: eventId },
  previewNotificationMail: { event_id: eventId },
});

/** What takes the ID of the bulk resend that stands there in an answer. */
export const linksToBulk = (bulkId: string): Links => ({
  showBulkResend: { bulk_id: bulkId },
  listBulkResendItems: { bulk_id: bulkId },
  cancelBulkResend: { bulk_id: bulkId },
});
