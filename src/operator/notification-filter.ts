import { z } from 'zod';
import {
  type FilterAges,
  type LedgerState,
  ledgerStates,
  type NotificationFilter,
} from '../../workflows/core/notification-filter';
import { type ParkReason, reasons } from '../../workflows/core/reasons';

export { type LedgerState, ledgerStates, type NotificationFilter };

export const parkReasons = (Object.keys(reasons) as ParkReason[]).filter(
  (reason) => reasons[reason].state === 'parked',
);

const HOUR_MS = 60 * 60 * 1_000;
const UNITS_MS = { m: HOUR_MS / 60, h: HOUR_MS, d: 24 * HOUR_MS };
const AGE = /^(\d{1,5})([mhd])$/;

const INSTANT =
  'must be a date (2026-03-01), an instant (2026-03-01T08:00:00Z) or an age (24h, 7d)';
const instant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true }), z.string().regex(AGE)], {
    error: INSTANT,
  })
  .refine((text) => AGE.test(text) || hasYearOfFourDigits(new Date(text)), INSTANT);

const FILE_PART = 'must be a part of a file name, of 255 characters at most';

/** The fields by which every door filters, as texts: query parameters, options, form fields. */
export const filterFields = z.strictObject({
  state: z.enum(ledgerStates, { error: `must be ${ledgerStates.join(', ')}` }).optional(),
  reason: z.enum(parkReasons, { error: `must be ${parkReasons.join(', ')}` }).optional(),
  outcome: z.enum(['completed', 'failed'], { error: 'must be completed or failed' }).optional(),
  user: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/, 'must be the ID of a user')
    .optional(),
  file: z
    .string()
    .min(1, FILE_PART)
    .max(255, FILE_PART)
    // eslint-disable-next-line regexp/control-character-escape -- other languages, which read it in openapi.json, have no \0
    .regex(/^[^\u0000]*$/u, FILE_PART)
    .refine((text) => !/\p{Cs}/u.test(text), FILE_PART)
    .optional(),
  from: instant.optional(),
  to: instant.optional(),
});

export type FilterFields = z.infer<typeof filterFields>;

/**
 * Blank fields count as absent. An age is frozen to an instant, so that each page of a list, and each
 * batch of a bulk resend, is about the same notifications.
 */
export function parseFilter(
  fields: Record<string, string | undefined>,
  now: Date,
): { filter: NotificationFilter } | { faults: string[] } {
  const given = Object.entries(fields).filter(([, text]) => text !== undefined && text !== '');
  const parsed = filterFields.safeParse(Object.fromEntries(given));
  if (!parsed.success) return { faults: parsed.error.issues.map(describeIssue) };
  const { user: userId, file: fileName, from, to, ...same } = parsed.data;
  const filter = {
    ...same,
    ...{ userId, fileName, createdFrom: toInstant(from, now), createdTo: toInstant(to, now) },
  };
  const named = Object.entries(filter).filter(([, value]) => value !== undefined);
  return { filter: Object.fromEntries(named) };
}

/** The ages among fields that were parsed, as they were given. */
export function agesOf({ from, to }: Pick<FilterFields, 'from' | 'to'>): FilterAges {
  return {
    ...(from !== undefined && AGE.test(from) && { createdFrom: from }),
    ...(to !== undefined && AGE.test(to) && { createdTo: to }),
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: is no filter`;
  return `${issue.path.join('.')}: ${issue.message}`;
}

/** In UTC. Postgres does not read the year 0, nor what JavaScript writes for one of five digits. */
function hasYearOfFourDigits(instant: Date): boolean {
  return !Number.isNaN(instant.getTime()) && /^(?!0000)\d{4}-/.test(instant.toISOString());
}

function toInstant(text: string | undefined, now: Date): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = AGE.exec(text) ?? [];
  if (count === undefined) return new Date(text).toISOString();
  return new Date(now.getTime() - Number(count) * UNITS_MS[unit as 'm' | 'h' | 'd']).toISOString();
}
