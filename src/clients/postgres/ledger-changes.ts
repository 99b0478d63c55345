import { z } from 'zod';
import type { AttemptSettlement, LedgerChanges } from '../../../activities/ledger';

/** As changes_of returns them; null if the call changed nothing. */
const shape = z
  .object({
    attempts: z.array(
      z.object({
        id: z.string(),
        resend: z.number(),
        verdict: z.enum(['accepted', 'refused', 'deferred', 'ambiguous']),
        reply: z.string(),
      }),
    ),
    settled: z
      .object({ state: z.enum(['sent', 'parked']), reason: z.string().nullable() })
      .nullable(),
  })
  .nullable();

/** `own`: what the caller has settled, with details that the ledger does not keep. */
export function parseChanges(
  changes: unknown,
  own?: Pick<AttemptSettlement, 'attemptId' | 'details'>,
): LedgerChanges {
  const { attempts = [], settled } = shape.parse(changes) ?? {};
  return {
    attempts: attempts.map(({ id, ...attempt }) => ({
      ...attempt,
      ...(id === own?.attemptId && own.details),
    })),
    ...(settled && { settled: { state: settled.state, reason: settled.reason ?? undefined } }),
  };
}
