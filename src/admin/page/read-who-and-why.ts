import { requestedBy as name, resendReason } from '../api/inputs';
import type { Form } from './page-state';

export interface WhoAndWhy {
  requestedBy?: string;
  reason: string;
}

export const NAME_MAX_CHARS = name.maxLength ?? undefined;
export const REASON_MAX_CHARS = resendReason.maxLength ?? undefined;

/** Who asks and why, within the limits of the API; the page requires the reason. */
export function readWhoAndWhy(form: Form): WhoAndWhy | { faults: string[] } {
  const who = name.optional().safeParse(form.requested_by?.trim() || undefined);
  const why = resendReason.safeParse(form.why?.trim());
  if (who.success && why.success) return { requestedBy: who.data, reason: why.data };
  return {
    faults: [
      ...(who.success
        ? []
        : [`The name must be one line of at most ${NAME_MAX_CHARS} characters.`]),
      ...(why.success
        ? []
        : [`The reason must be one line of 1 to ${REASON_MAX_CHARS} characters.`]),
    ],
  };
}
