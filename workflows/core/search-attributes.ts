import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Registered by `bulk-notify setup`; they are not encrypted: no address, no file name. */
export const searchAttributes = {
  taskId: defineSearchAttributeKey('TaskId', SearchAttributeType.KEYWORD),
  userId: defineSearchAttributeKey('UserId', SearchAttributeType.KEYWORD),
  outcome: defineSearchAttributeKey('NotificationOutcome', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('NotificationState', SearchAttributeType.KEYWORD),
  parkReason: defineSearchAttributeKey('ParkReason', SearchAttributeType.KEYWORD),
};
