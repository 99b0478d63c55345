import type { Resolve } from '../../src/doctor/dns/resolver';

/** Records by name and type: `{ 'sender.example TXT': ['v=spf1 -all'] }`. */
export type DnsRecords = Record<string, string[] | undefined>;

/** A DNS of these records; other types of a known name are empty, other names unknown. */
export function resolverOf(records: DnsRecords): Resolve {
  const names = new Set(Object.keys(records).map((key) => key.split(' ')[0]));
  return async (name, type) => {
    const found = records[`${name} ${type}`];
    if (found) return found.map((value) => toAnswer(value, type));
    throw Object.assign(new Error(name), { code: names.has(name) ? 'ENODATA' : 'ENOTFOUND' });
  };
}

/** As node:dns answers; the strings of a TXT are separated by `|`. */
function toAnswer(value: string, type: string): unknown {
  if (type === 'TXT') return value.split('|');
  if (type !== 'MX') return value;
  const [priority, exchange = ''] = value.split(' ');
  return { priority: Number(priority), exchange };
}
