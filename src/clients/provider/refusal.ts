import { z } from 'zod';
import { text } from '../../parse/scalars';

const shape = z.object({ error: z.object({ code: text, message: text }) });

/** What the provider says of a refusal (BoltRoute's error shape), and the request's ID. */
export function readRefusal(json: unknown, requestId: string | null | undefined) {
  const { code, message } = shape.safeParse(json).data?.error ?? {};
  return {
    // Both end in a failure's message, which Temporal takes as well-formed text only.
    code: /^[\w.:-]{1,64}/.exec(code ?? '')?.[0],
    message: message?.slice(0, 300).toWellFormed(),
    requestId: /^[\w.:-]{1,64}$/.exec(requestId ?? '')?.[0],
  };
}

/** For people who have to ask the provider; nothing of the message, which may quote the request. */
export function describeRefusal(status: number, refusal: ReturnType<typeof readRefusal>): string {
  const { code, requestId } = refusal;
  const facts = [code, requestId && `request ${requestId}`].filter(Boolean).join(', ');
  return `the provider answered ${status}${facts && ` (${facts})`}`;
}
