import { z } from 'zod';
import { filterFields } from '../../operator/notification-filter';

export const eventId = z
  .string()
  .regex(
    /^bulk_upload_notification:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:(?:completed|failed)$/,
    'must be the ID of a notification',
  );
export const bulkId = z
  .string()
  .regex(/^bulk_resend:[0-9a-f]{32}$/, 'must be the ID of a bulk resend');

/** One line of printable text. */
const line = (maxChars: number) =>
  z
    .string()
    .min(1)
    .max(maxChars)
    .regex(/^[ -~\u00a0-\uffff]*$/, 'must be one line of text');
export const requestedBy = line(256);
export const resendReason = line(1_024);
export const requestId = z
  .string()
  .regex(/^[!-~]{1,64}$/, 'must be 1 to 64 characters of ASCII without blanks');

/** A whole number in a query. */
export const numberWithin = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${minimum} to ${maximum}`)
    .transform(Number)
    .refine(
      (value) => value >= minimum && value <= maximum,
      `must be a whole number from ${minimum} to ${maximum}`,
    )
    .meta({ override: { type: 'integer', minimum, maximum, pattern: undefined } });

export const reveal = {
  reveal: z
    .enum(['true', 'false'])
    .optional()
    .transform((value) => value === 'true')
    .meta({ description: 'Whether to show addresses in full; each such request is logged' }),
};

/** At least one field: an empty filter would mean every notification. */
export const bulkFilter = filterFields
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
    error: 'needs at least one field',
  })
  .meta({ override: { minProperties: 1 } });
