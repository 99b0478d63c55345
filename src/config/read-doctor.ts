import { domainToASCII } from 'node:url';
import { parseAddress } from '../../activities/recipient/recipient-address';
import { isSameAddress } from '../clients/postgres/database-tls';
import {
  createEnvironmentReader,
  type Environment,
  type EnvironmentReader,
} from './environment-reader';
import { splitList } from './environment-values';
import { readAdminDatabase, readDatabase, readRecipientSource } from './read-database';
import { readResendWindow, readSendsPerSecond } from './read-delivery';
import { readTaskApi } from './read-provider';
import { readRelay } from './read-relay';
import { readSenderAddresses } from './read-sender';
import { readSenderDns } from './read-sender-dns';
import { readRetention, readTemporal } from './read-temporal';
import { readWebhook } from './read-webhook';

/** What each part of the doctor reads. */
const SECTIONS = {
  relay(reader: EnvironmentReader) {
    const { from } = readSenderAddresses(reader);
    return { ...readRelay(reader, from), from };
  },
  dns(reader: EnvironmentReader) {
    const { from, replyTo } = readSenderAddresses(reader);
    return { from, replyToDomains: domainsOf(replyTo), ...readSenderDns(reader) };
  },
  temporal: (reader: EnvironmentReader) => ({
    temporal: readTemporal(reader),
    sendsPerSecond: readSendsPerSecond(reader),
    resendWindowMs: readResendWindow(reader),
    retentionMs: readRetention(reader),
  }),
  database(reader: EnvironmentReader) {
    const database = readDatabase(reader);
    const adminDatabase = readAdminDatabase(reader);
    return {
      database,
      recipientSource: readRecipientSource(reader),
      // Without a login of its own, operators read as the worker.
      ...(adminDatabase && !isSameAddress(adminDatabase, database) && { adminDatabase }),
    };
  },
  provider: (reader: EnvironmentReader) => readTaskApi(reader),
  webhook: (reader: EnvironmentReader) => readWebhook(reader),
};

type Sections = typeof SECTIONS;

/** A section whose variables have a fault is undefined. */
export type DoctorSections = { [Name in keyof Sections]?: ReturnType<Sections[Name]> };

export interface DoctorConfig {
  sections: DoctorSections;
  faults: CommandFault[];
  /** How many variables are set among those that a command reads. */
  variablesSet: number;
}

/** A fault of the environment, and the commands that do not start with it. */
export interface CommandFault {
  variable: string;
  fault: string;
  commands: string[];
}

type Readers = Record<string, (reader: EnvironmentReader) => unknown>;

/** For the documentation: everything that the doctor reads. */
export function readDoctor(reader: EnvironmentReader) {
  return Object.values(SECTIONS).map((read) => read(reader));
}

/** Unlike the other commands, the doctor examines what it can when the environment has faults. */
export function doctorConfig(readers: Readers, environment: Environment): DoctorConfig {
  const sections = Object.entries(SECTIONS).map(([name, read]) => {
    const reader = createEnvironmentReader(environment);
    const section = read(reader);
    return [name, reader.faults.length > 0 ? undefined : section];
  });
  return {
    sections: Object.fromEntries(sections) as DoctorSections,
    ...examineEnvironment(readers, environment),
  };
}

function examineEnvironment(readers: Readers, environment: Environment) {
  const commandsByFault = new Map<string, string[]>();
  const set = new Set<string>();
  for (const [command, read] of Object.entries(readers)) {
    const reader = createEnvironmentReader(environment);
    read(reader);
    for (const text of reader.faults) {
      commandsByFault.set(text, [...(commandsByFault.get(text) ?? []), command]);
    }
    for (const variable of reader.variables) {
      if (reader.isSet(variable) || environment[`${variable.name}_FILE`]) set.add(variable.name);
    }
  }
  const faults = [...commandsByFault].map(([fault, commands]) => ({
    variable: fault.split(' ', 1).join(''),
    fault,
    commands,
  }));
  return { faults, variablesSet: set.size };
}

/** The domains of a valid address list, each once and in ASCII. */
function domainsOf(list: string | undefined): string[] {
  const addresses = splitList(list ?? '').map(parseAddress);
  const domains = addresses.flatMap((it) => ('address' in it ? [it.address] : []));
  return [...new Set(domains.map((it) => domainToASCII(it.slice(it.lastIndexOf('@') + 1))))];
}
