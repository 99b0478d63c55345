import type { NotificationFilter } from '../operator/notification-filter';

/** The options of the command line that give the filter. */
export function optionsOfFilter(filter: NotificationFilter) {
  const { userId: user, fileName: file, createdFrom: from, createdTo: to, ...same } = filter;
  return { ...same, user, file, from, to };
}

/** `state parked, user 4711`. */
export function filterText(filter: NotificationFilter, includeSent: boolean): string {
  const given = Object.entries(optionsOfFilter(filter)).filter(([, value]) => value !== undefined);
  const texts = given.map(([name, value]) => `${name} ${value}`);
  return [...texts, ...(includeSent ? ['with what was sent'] : [])].join(', ');
}
