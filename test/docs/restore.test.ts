import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimOf } from '../support/ledger-on-postgres';
import { request, useLedger } from '../support/use-ledger';

const { postgres, ledger, claimAttempt } = useLedger();

const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
const [statements = ''] = /(?<=```sql\n)begin;\n[^`]*commit;\n(?=```)/.exec(page) ?? [];

describe('the statements of docs/operations.md for a ledger that is behind', () => {
  it.each<[string, (claim: ReturnType<typeof claimOf>) => Promise<unknown>]>([
    ['does not know', () => Promise.resolve()],
    [
      'takes for unsent',
      async (claim) => {
        const attemptId = await claimAttempt(claim);
        await ledger.settle({ attemptId, attempt: 'deferred', reply: '451', state: 'waiting' });
      },
    ],
    ['has with an open attempt', async (claim) => ledger.submit(await claimAttempt(claim))],
  ])('record what was sent and the ledger %s', async (_, before) => {
    const claim = claimOf();
    await before(claim);
    const [, id = ''] = claim.eventId.split(/:(.*)/s);

    await postgres.database.query(statements.replace(/array\['[^']*'\]/, `array['${id}']`), []);

    expect(await ledger.claim(claim)).toMatchObject({ status: 'sent' });
    await ledger.requestResend(claim.eventId, request('again'), claim.runId);
    const next = { ...claim, resend: 1, recordedRequests: 1 };
    expect(await ledger.claim(next)).toMatchObject({ status: 'claimed' });
    const states = (await postgres.attemptsOf(claim.eventId)).map(({ state }) => state);
    expect(states.filter((state) => state === 'ambiguous')).toEqual([]);
  });
});
