import { renderDetails } from '../../../workflows/notification/details';
import type { NotificationStatus } from '../../../workflows/notification/messages';
import type { ParkReason } from '../../../workflows/core/reasons';
import { reasons } from '../../../workflows/core/reasons';

const status = (change: Partial<NotificationStatus> = {}): NotificationStatus => ({
  taskId: '550e8400-e29b-41d4-a716-446655440000',
  outcome: 'completed',
  state: 'waiting',
  ...change,
});

const PARK_REASONS = (Object.keys(reasons) as ParkReason[]).filter(
  (reason) => reasons[reason].state === 'parked',
);

/** The line that shows a file's name, and whatever the name made of the lines after it. */
function shown(fileName: string): string {
  const [headline, empty, ...list] = renderDetails(status({ fileName })).split('\n');
  expect([headline, empty]).toEqual(['**Waiting**', '']);
  return list.join('\n');
}

describe("a run's details", () => {
  it('tells of a notification that was sent', () => {
    const text = renderDetails(
      status({
        state: 'sent',
        fileName: 'leads.csv',
        emailCount: 0,
        relayReply: '250 2.0.0 queued as 4711',
      }),
    );

    expect(text.split('\n')).toEqual([
      '**Sent: the relay accepted the mail**',
      '',
      '- The relay said: `250 2.0.0 queued as 4711`',
      '- `leads.csv`, 0 addresses, upload completed',
    ]);
  });

  it.each<[string, Partial<NotificationStatus>, string]>([
    [
      'nothing to send',
      { state: 'nothing_to_send', reason: 'not_file_backed' },
      'No mail to send: not_file_backed',
    ],
    [
      'one that is assumed',
      { state: 'sent', assumed: true },
      'Assumed to be sent: the relay gave no reply',
    ],
    ['a parked one', { state: 'parked', reason: 'refused' }, 'Parked: refused'],
    ['a hand-over', { state: 'handed_over' }, 'Handed over: the provider names the other outcome'],
    ['one that waits', { state: 'waiting' }, 'Waiting'],
  ])('names the state of %s first', (_what, change, headline) => {
    const text = renderDetails(status(change));

    expect(text.split('\n')[0]).toBe(`**${headline}**`);
  });

  it.each([
    ['fetching the task', 'the provider'],
    ['resolving the recipient', 'the database'],
    ['sending the mail', 'the relay'],
  ] as const)('says while %s what it waits for', (step, awaited) => {
    const text = renderDetails(status(), step);

    expect(text).toContain(`**Waiting: ${step}**`);
    expect(text).toContain(`- Waits for ${awaited}: `);
  });

  it('says what the step failed with and the remedy, and waits for the part that failed', () => {
    const text = renderDetails(status(), 'sending the mail', {
      type: 'DatabaseUnavailable',
      message: 'the database did not answer (28P01)',
      part: 'database',
      remedy: 'Correct the password.',
    });

    expect(text.split('\n').slice(2, 4)).toEqual([
      '- Waits for the database: `the database did not answer (28P01)` (later failures: pending activities)',
      '- Remedy: Correct the password.',
    ]);
  });

  it('says of a settled one why a request of it is not recorded yet', () => {
    const parked = status({ state: 'parked', reason: 'refused' });
    const text = renderDetails(parked, 'recording in the ledger', {
      ...{ type: 'DatabaseRefused', message: 'the database refused the service (28P01)' },
      ...{ part: 'database', remedy: 'Correct the password.' },
    });

    expect(text.split('\n').slice(0, 4)).toEqual([
      '**Parked: refused**',
      '',
      '- Waits for the database: `the database refused the service (28P01)` (later failures: pending activities)',
      '- Remedy: Correct the password.',
    ]);
  });

  it.each(PARK_REASONS)('tells the remedy of one parked for %s', (reason) => {
    const text = renderDetails(status({ state: 'parked', reason }));

    expect(text).toContain(`- Remedy: ${reasons[reason].remedy}`);
  });

  it('names the run that sends the mail after a hand-over', () => {
    const text = renderDetails(status({ state: 'handed_over', handedOverTo: 'the-other-run' }));

    expect(text).toContain('- The mail is sent by: `the-other-run`');
  });

  it.each([
    ['a plain name', 'leads.csv', 'leads.csv'],
    ['letters of any script', 'Müller 名簿 🎉.csv', 'Müller 名簿 🎉.csv'],
    ['emphasis', '**bold** _it_.csv', '**bold** _it_.csv'],
    ['a link', '[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['HTML', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['the end of its code', 'a`<b>x</b>`c', 'a <b>x</b> c'],
    ['a fence', '```\n# head\n```', '# head'],
    ['line ends', 'a\r\n\n- Remedy: none', 'a - Remedy: none'],
    ['other line ends', 'a\u2028b\u2029c\u0085d\ve\ff', 'a b c d e f'],
    ['control characters', '\0a\x1b[31mb\x07', 'a [31mb'],
    ['a reversed direction', 'a\u202egnp.csv', 'a gnp.csv'],
    ['what cannot be seen', 'a\u200bb\ufeffc', 'a b c'],
    ['a lone surrogate', 'a\ud800b', 'a b'],
  ])('shows %s in a file name as inert text on one line', (_what, fileName, expected) => {
    const line = shown(fileName);

    expect(line).toBe(`- \`${expected}\`, upload completed`);
  });

  it('shows 150 characters of a longer file name and cuts none of them in two', () => {
    const line = shown('🎉'.repeat(300));

    expect(line).toBe(`- \`${'🎉'.repeat(150)}\`, upload completed`);
  });

  it("shows the relay's words as inert text on one line", () => {
    const text = renderDetails(status({ state: 'sent', relayReply: '250 `ok`\r\n# done' }));

    expect(text).toContain('- The relay said: `250 ok # done`');
  });
});
