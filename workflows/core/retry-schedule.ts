const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When each kind of failure is tried again; every number is a count of milliseconds or a ratio. */
export const retrySchedule = {
  /** An attempt that the relay deferred: soon at first, then every few hours (RFC 5321 §4.5.4.1). */
  send: {
    delaysMs: [1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 1 * HOUR, 2 * HOUR],
    delayMaxMs: 4 * HOUR,
    /** A delay of the table varies by this ratio either way, a minimum upwards only. */
    jitterRatio: 0.2,
    /** A person has to repair something: more attempts would lock accounts and fill logs. */
    configurationMinMs: 15 * MINUTE,
    /** Greylisting relays want five minutes between attempts; rate limits are given as long. */
    rateMinMs: 5 * MINUTE,
  },
  /** An attempt that the ledger could not claim, so that the relay was not asked: doubles. */
  claim: { delayMinMs: 2 * SECOND, delayMaxMs: 10 * MINUTE },
  /** An attempt that another worker makes: this one shuts down, or lost its claim. */
  handOn: { delayMs: 1 * SECOND },
  /** An attempt whose worker died. A frozen worker has this long to record how its attempt ended. */
  lostWorker: { delayMs: 1 * MINUTE },
  /** A look-up whose failure names no delay: doubles. */
  lookup: { delayMinMs: 2 * SECOND, delayMaxMs: 10 * MINUTE },
  /** A page of a bulk resend, while the database or Temporal does not answer: doubles. */
  bulkPage: { delayMinMs: 2 * SECOND, delayMaxMs: 1 * MINUTE },
  /** The provider refuses the key, which a person repairs. */
  unauthorized: { delayMs: 15 * MINUTE },
  /** An upload that is watched, and is not final: doubles; varies by the ratio either way. */
  uploadCheck: {
    delayMinMs: 5 * MINUTE,
    delayMaxMs: 1 * HOUR,
    jitterRatio: 0.2,
    /** The provider refuses the key, which a person repairs. */
    unauthorizedMinMs: 1 * HOUR,
    /** A task that the provider has not known for so long is not one of ours. */
    unknownGiveUpMs: 24 * HOUR,
  },
  /** A task that the provider does not know yet, or whose file it has not finished: doubles. */
  unsettledTask: {
    delayMinMs: 5 * SECOND,
    /** The end of an upload that may well be under way is noticed within this time. */
    delayMaxMs: 1 * MINUTE,
    slowAfterMs: 6 * HOUR,
    slowDelayMaxMs: 10 * MINUTE,
    notFoundGiveUpMs: 60 * MINUTE,
    /** After a verified webhook, whose counts decide then. */
    notFinalGiveUpMs: 10 * MINUTE,
  },
} as const;
