import { workflowInfo } from '@temporalio/workflow';
import { BULK_RATE_RANGE, type BulkRequest, isBulkId, isBulkRate } from '../core/bulk-request';
import type { FilterAges, NotificationFilter } from '../core/notification-filter';
import { duration, fieldsOf, invalidInput } from '../notification/input';
import { toText } from '../notification/resend-requests';

const FIELD_MAX_CHARS = 500;
const FIELDS = ['state', 'reason', 'outcome', 'userId', 'fileName', 'createdFrom', 'createdTo'];

/** Reads a request field by field; one that was typed by hand may be anything. */
export function readBulkRequest(input: unknown): BulkRequest {
  const { requestId, filter, includeSent, ratePerSecond, ...rest } = fieldsOf(input);
  if (!isBulkId(workflowInfo().workflowId) || !isText(requestId) || !isFilter(filter)) {
    throw invalidInput('A bulk resend is started by `bulk-notify bulk` or the page for support');
  }
  const rate = Number(ratePerSecond);
  if (!isBulkRate(rate)) throw invalidInput(`ratePerSecond must be ${BULK_RATE_RANGE}`);
  return {
    ...{ requestId, filter, includeSent: includeSent === true, ratePerSecond: rate },
    ages: readAges(rest.ages),
    ...{ requestedBy: toText(rest.requestedBy), reason: toText(rest.reason) },
    resendWindowMs: duration(rest.resendWindowMs) ?? 0,
  };
}

/** With an upper bound of time, or it would have no end. */
function isFilter(value: unknown): value is NotificationFilter {
  const fields = fieldsOf(value);
  const isKnown = ([name, text]: [string, unknown]) => FIELDS.includes(name) && isText(text);
  return isText(fields.createdTo) && Object.entries(fields).every(isKnown);
}

function readAges(value: unknown): FilterAges {
  const { createdFrom, createdTo } = fieldsOf(value);
  return {
    ...(isText(createdFrom) && { createdFrom }),
    ...(isText(createdTo) && { createdTo }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= FIELD_MAX_CHARS;
}
