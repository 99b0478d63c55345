import {
  type FilterFields,
  type NotificationFilter,
  parseFilter,
} from '../../operator/notification-filter';
import { invalidRequest } from './errors';

/** The filter of fields that their schema has checked. */
export function filterOf(fields: FilterFields): NotificationFilter {
  const parsed = parseFilter(fields, new Date());
  if ('faults' in parsed) throw invalidRequest(parsed.faults);
  return parsed.filter;
}
