import { replaceAddresses } from '../../workflows/core/mask-addresses';
import { maskAddress } from './mask-address';

/**
 * Its text looks like an address; a file name is what its user called the file, and by a request ID
 * the caller recognizes its request.
 */
const AS_THEY_ARE = ['messageId', 'fileName', 'requestId'];

/**
 * The same data with the addresses of people masked: recipients, and addresses within any other text.
 * Every door shows this unless a person asks to reveal them.
 */
export function concealAddresses<T>(data: T): T {
  return conceal(data, '') as T;
}

/** Addresses are masked unless a person asks for them. */
export function concealedUnless<T>(reveal: boolean | undefined, data: T): T {
  return reveal ? data : concealAddresses(data);
}

function conceal(data: unknown, name: string): unknown {
  if (typeof data === 'string') return AS_THEY_ARE.includes(name) ? data : maskText(data, name);
  if (Array.isArray(data)) return data.map((item) => conceal(item, name));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => [field, conceal(value, field)]),
  );
}

/** A recipient is masked whole, however odd its address. */
function maskText(text: string, name: string): string {
  return name === 'recipient' ? maskAddress(text) : replaceAddresses(text, maskAddress);
}
