/** Asks until the answer is not 503, as the provider does with its webhooks. */
export async function persistently<T extends { status: number }>(
  ask: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
  }
}
