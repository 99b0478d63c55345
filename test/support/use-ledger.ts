import type {
  AttemptSettlement,
  Claim,
  Claimed,
  Ledger,
  RecordedRequest,
  RequestedResend,
} from '../../activities/ledger';
import { ledgerOnPostgres } from './ledger-on-postgres';

export const ACCEPTED = '250 2.0.0 queued as 4711';

/** A run that has recorded no request. */
export const FIRST = { runId: 'run-1', recordedRequests: 0 };

export const request = (requestId: string) => ({ requestId, requestedBy: 'ada', reason: 'lost' });

/** The settlement of an accepted attempt, with the changes of the test. */
export const settlement = (
  attemptId: string,
  change: Partial<AttemptSettlement> = {},
): AttemptSettlement => ({
  ...{ attemptId, attempt: 'accepted', reply: ACCEPTED, state: 'sent' },
  ...change,
});

export function attemptIdOf(claimed: Claimed): string {
  if (claimed.status !== 'claimed') throw new Error(`not claimed but ${claimed.status}`);
  return claimed.attemptId;
}

export function requestedOf(recorded: RecordedRequest): RequestedResend {
  if ('standing' in recorded) throw new Error(`declined: ${recorded.standing.verdict}`);
  return recorded;
}

/** The ledger on Postgres for the tests of a file, and the steps of a send. */
export function useLedger() {
  const postgres = ledgerOnPostgres();
  afterAll(() => postgres.close());
  const { ledger, eventOf, attemptsOf, resendsOf } = postgres;

  const statesOf = async (id: string) => (await attemptsOf(id)).map(({ state }) => state);

  async function claimAttempt(claim: Claim): Promise<string> {
    return attemptIdOf(await ledger.claim(claim));
  }

  /** Sends the mail of the claim. */
  async function send(claim: Claim): Promise<void> {
    const attemptId = await claimAttempt(claim);
    await ledger.submit(attemptId);
    await ledger.settle(settlement(attemptId));
  }

  /** A request that is not declined. */
  async function requestResend(...call: Parameters<Ledger['requestResend']>) {
    return requestedOf(await ledger.requestResend(...call));
  }

  return {
    ...{ postgres, ledger, eventOf, attemptsOf, resendsOf, statesOf },
    ...{ claimAttempt, send, requestResend },
  };
}
