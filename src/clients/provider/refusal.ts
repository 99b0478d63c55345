import { z } from 'zod';
import { text } from '../../parse/scalars';

const shape = z.object({ error: z.object({ code: text, message: text }) });

/** Parses BoltRoute's error shape, and adds the ID of the request. */
export function readRefusal(json: unknown, requestId: string | null | undefined) {
  const { code, message } = shape.safeParse(json).data?.error ?? {};
  return {
    // Both become part of a failure's message, which Temporal accepts only as well-formed text.
    code: /^[\w.:-]{1,64}/.exec(code ?? '')?.[0],
    message: message?.slice(0, 300).toWellFormed(),
    requestId: /^[\w.:-]{1,64}$/.exec(requestId ?? '')?.[0],
  };
}

/** Leaves out the message, which may quote the request. The request ID helps to ask the provider. */
export function describeRefusal(status: number, refusal: ReturnType<typeof readRefusal>): string {
  const { code, requestId } = refusal;
  const facts = [code, requestId && `request ${requestId}`].filter(Boolean).join(', ');
  return `the provider answered ${status}${facts && ` (${facts})`}`;
}
