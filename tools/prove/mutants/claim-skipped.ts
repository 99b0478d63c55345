import * as ledgerModule from '../../../src/clients/postgres/ledger';

const { createLedger } = ledgerModule;

/** The ID of an attempt that is not in the ledger. */
const UNCLAIMED = '0';
const FORGET_OPEN_CLAIM = `update bulk_notify.attempts
  set state = 'deferred', settled_at = now(), reply = 'not checked'
  where event_id = $1 and state = 'sending'`;

/** The bug: a claim succeeds even if an earlier attempt was submitted or accepted. */
Object.assign(ledgerModule, {
  createLedger(parts: Parameters<typeof createLedger>[0]): ReturnType<typeof createLedger> {
    const ledger = createLedger(parts);
    return {
      ...ledger,
      async claim(claim) {
        await parts.database.query(FORGET_OPEN_CLAIM, [claim.eventId]);
        const claimed = await ledger.claim(claim);
        if (claimed.status === 'claimed') return claimed;
        return { status: 'claimed', attemptId: UNCLAIMED, mailDate: claim.mailDate };
      },
      submit: async (id) => (id === UNCLAIMED ? undefined : ledger.submit(id)),
      settle: async (it) => it.attemptId === UNCLAIMED || ledger.settle(it),
    };
  },
});
