import { maskAddresses } from '../../workflows/core/mask-addresses';
import { oneLine } from '../../workflows/core/one-line';

const MESSAGE_MAX_CHARS = 200;

/** What a part answered; without an answer it may have none, or could not be asked. */
export interface Answered<T> {
  answer?: T;
  wasAsked: boolean;
}

export type Inquiry = ReturnType<typeof createInquiry>;

/** One look-up, which goes on without the part that does not answer. */
export function createInquiry() {
  const missing = new Set<string>();

  async function ask<T>(part: string, answer: Promise<T>): Promise<Answered<T>> {
    try {
      return { answer: await answer, wasAsked: true };
    } catch (err) {
      const message = oneLine(maskAddresses((err as Error).message), MESSAGE_MAX_CHARS);
      missing.add(`${part} could not be asked: ${message}`);
      return { wasAsked: false };
    }
  }

  return {
    ofLedger: <T>(answer: Promise<T>) => ask('The ledger', answer),
    ofTemporal: <T>(answer: Promise<T>) => ask('Temporal', answer),
    addMissing: (what: string): void => void missing.add(what),
    /** What could not be asked, and why. */
    missing: (): string[] => [...missing],
  };
}
