import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { SignedWebhook } from './signed-webhook';

/** The status of the answer, or why there is none. */
export type WebhookAnswer =
  | { answer: number; body: string; retryAfter?: string }
  | { answer: 'timeout' | 'connection_error' };

/** One attempt, on a connection of its own. Rejects when `signal` cuts it. */
export async function postWebhook(
  url: string,
  webhook: SignedWebhook,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    return await post(url, webhook, AbortSignal.any([late.signal, signal]));
  } catch {
    signal.throwIfAborted();
    return { answer: late.signal.aborted ? 'timeout' : 'connection_error' };
  } finally {
    clearTimeout(timer);
  }
}

async function post(url: string, { body, headers }: SignedWebhook, signal: AbortSignal) {
  const { request } = url.toLowerCase().startsWith('https:') ? https : http;
  const call = request(url, {
    method: 'POST',
    // A kept connection would outlive the delivery.
    agent: false,
    headers: { ...headers, 'Content-Length': body.length },
    signal,
  });
  // Heard of below while there is no answer; after that the answer's own end tells.
  call.on('error', () => {});
  call.end(body);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return {
    answer: response.statusCode ?? 0,
    body: await text(response),
    retryAfter: response.headers['retry-after'],
  };
}
