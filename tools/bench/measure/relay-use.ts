import type { SinkCounts } from '../instruments/smtp-sink';
import type { Figure } from '../rows/row';
import type { Stage } from '../stage';

/**
 * What `work` resolves to, and the connections and TLS handshakes that the relay counts meanwhile for
 * each of its mails.
 */
export async function relayUse<T>(
  { relay }: Pick<Stage, 'relay'>,
  when: string,
  work: () => Promise<T>,
): Promise<[result: T, figures: Figure[]]> {
  const before = await relay.call('counts', undefined);
  const result = await work();
  const after = await relay.call('counts', undefined);
  const rise = (count: keyof SinkCounts) => after[count] - before[count];
  const figures = (['connections', 'handshakes'] as const).map((count) => ({
    name: `${count} a mail, ${when}`,
    value: rise(count) / rise('mails'),
  }));
  return [result, figures];
}
