import { untilFound } from './until-found';

/** Asks until the answer is not 503, as the provider does with its webhooks. */
export function persistently<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  return untilFound('an answer other than 503', async () => {
    const answer = await ask();
    return answer.status === 503 ? undefined : answer;
  });
}
