import type { Part } from './failures/remedies';
import type { Verdict } from './send/mailer';

/** Counters worth an alert. */
export interface SendMetrics {
  countSend(verdict: Verdict): void;
  /** A failure that a person has to repair: a wrong key, a refused login, a bad certificate. */
  countConfigurationError(part: Part): void;
}
