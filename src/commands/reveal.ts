import { concealAddresses } from '../operator/conceal-addresses';
import type { Options } from './command';

export const REVEAL_OPTION = {
  reveal: { type: 'boolean', about: 'show addresses whole' },
} satisfies Options;

/** Addresses are masked unless a person asks for them. */
export function concealedUnless<T>(reveal: boolean | undefined, data: T): T {
  return reveal ? data : concealAddresses(data);
}
