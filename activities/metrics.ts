import type { Part } from './failures/remedies';

/** Counters worth an alert. */
export interface SendMetrics {
  countSend(verdict: string): void;
  /** A failure that a person has to repair: a wrong key, a refused login, a bad certificate. */
  countConfigurationError(part: Part): void;
}
