import { Resolver } from 'node:dns/promises';

export type RecordType = 'TXT' | 'MX' | 'A' | 'AAAA' | 'PTR';

/** Asks the DNS; rejects with the codes of node:dns, ENOTFOUND and ENODATA included. */
export type Resolve = (name: string, type: string) => Promise<unknown[]>;

const TIMEOUT_MS = 1_500;
const TRIES = 2;

/** Through the system's name servers, or through `server` (`192.0.2.53` or `192.0.2.53:5353`). */
export function createResolver(server?: string): Resolve {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (server) resolver.setServers([server]);
  return async (name, type) => (await resolver.resolve(name, type as RecordType)) as unknown[];
}

/** The DNS did not answer, so that nothing can be said about a name. */
export class DnsFault extends Error {
  constructor(
    readonly code: string,
    name: string,
  ) {
    super(`${code} for ${name}`);
  }
}

const ABSENT = ['ENOTFOUND', 'ENODATA'];

/** The records of a name; none if there are none. Rejects with a DnsFault. */
async function records(resolve: Resolve, name: string, type: RecordType): Promise<unknown[]> {
  try {
    return await resolve(name, type);
  } catch (err) {
    const { code = 'ERROR' } = err as NodeJS.ErrnoException;
    if (ABSENT.includes(code)) return [];
    throw new DnsFault(code, name);
  }
}

/** The texts of a name: the strings of a record are joined without a blank. */
export async function findTexts(resolve: Resolve, name: string): Promise<string[]> {
  const found = (await records(resolve, name, 'TXT')) as string[][];
  return found.map((strings) => strings.join(''));
}

export interface MailExchange {
  exchange: string;
  priority: number;
}

export async function findExchanges(resolve: Resolve, name: string): Promise<MailExchange[]> {
  const found = (await records(resolve, name, 'MX')) as MailExchange[];
  return found.toSorted((a, b) => a.priority - b.priority);
}

/** IPv4 and IPv6. */
export async function findAddresses(resolve: Resolve, name: string): Promise<string[]> {
  const found = await Promise.all([records(resolve, name, 'A'), records(resolve, name, 'AAAA')]);
  return found.flat() as string[];
}
