import { isIP } from 'node:net';
import { parseAddress, type RecipientAddress } from '../../activities/recipient/recipient-address';
import { createDatabase } from '../clients/postgres/database';
import { createRecipientDirectory } from '../clients/postgres/recipients';
import { createMailer } from '../clients/smtp/mailer';
import { createTaskApi } from '../clients/provider/task-api';
import { findOutdated } from '../config/ca-certificates';
import { loadDoctorConfig } from '../config/config';
import type { DoctorSections } from '../config/read-doctor';
import { configurationExamination } from '../doctor/configuration';
import { databaseExamination } from '../doctor/database';
import { createResolver } from '../doctor/dns/resolver';
import { senderExamination } from '../doctor/dns/sender';
import { examineAll, type Examination } from '../doctor/examine';
import { failure, type Part, PARTS } from '../doctor/finding';
import { providerExamination } from '../doctor/provider';
import { relayExamination } from '../doctor/relay';
import { createReport, renderReport } from '../doctor/report';
import { temporalExamination } from '../doctor/temporal';
import { webhookExamination } from '../doctor/webhook';
import { uuid } from '../parse/scalars';
import { createLogger } from '../telemetry/logger';
import { createTemporalClient } from '../temporal/client';
import { defineCommand, UsageError } from './command';

interface Questions {
  taskId?: string;
  rcpt?: string;
  sendTo?: RecipientAddress;
  dnsServer?: string;
  parts: readonly Part[];
}

/** Examinations of a part, and what it has open. */
interface Opened {
  examination: Examination;
  close?: () => Promise<void>;
}

export const doctorCommand = defineCommand({
  name: 'doctor',
  usage: '',
  about: 'check the configuration and everything that the service depends on',
  options: {
    rcpt: {
      type: 'string',
      value: 'ADDRESS',
      about: 'ask the relay whether it takes this recipient',
    },
    'send-to': {
      type: 'string',
      value: 'ADDRESS',
      about: 'send a real test message to this address',
    },
    task: { type: 'string', value: 'ID', about: 'a task that the provider should know' },
    part: {
      type: 'string',
      value: 'NAMES',
      about: `examine only these, with commas between: ${PARTS.join(', ')}`,
    },
    'dns-server': {
      type: 'string',
      value: 'IP[:PORT]',
      about: "ask this name server for the sender's DNS",
    },
  },
  async run({ values }, stop) {
    const questions = parseQuestions(values);
    const begun = performance.now();
    const { sections, faults, variablesSet } = loadDoctorConfig();
    const outdatedCertificates = findOutdated(sections.relay?.smtp.caCertificates ?? []);
    const configuration = { faults, variablesSet, outdatedCertificates };
    const opened = questions.parts.map((part) =>
      part === 'configuration'
        ? { examination: configurationExamination(configuration) }
        : openPart(part, sections, questions),
    );
    const findings = await examineAll(
      opened.map(({ examination }) => examination),
      stop,
    );
    for (const { close } of opened) await close?.();
    const report = createReport(findings, performance.now() - begun);
    return {
      text: renderReport(report),
      data: report,
      exitCode: report.status === 'failure' ? 1 : 0,
    };
  },
});

type Values = Partial<Record<'rcpt' | 'send-to' | 'task' | 'part' | 'dns-server', string>>;

function parseQuestions(values: Values): Questions {
  const { task, 'dns-server': dnsServer } = values;
  const taskId = task === undefined ? undefined : uuid.parse(task);
  if (task !== undefined && !taskId) throw new UsageError('--task needs a UUID');
  if (dnsServer !== undefined && !isServer(dnsServer)) {
    throw new UsageError('--dns-server needs an IP address, with a port if it is not 53');
  }
  const rcpt = parseRecipient('rcpt', values)?.address;
  const parts = parseParts(values.part);
  return { taskId, rcpt, sendTo: parseRecipient('send-to', values), dnsServer, parts };
}

function parseParts(text: string | undefined): readonly Part[] {
  if (text === undefined) return PARTS;
  const names = text.split(',').map((name) => name.trim());
  const parts = PARTS.filter((part) => names.includes(part));
  if (parts.length === names.length) return parts;
  throw new UsageError(`--part needs names of these, with commas between: ${PARTS.join(', ')}`);
}

function parseRecipient(option: 'rcpt' | 'send-to', values: Values): RecipientAddress | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const parsed = parseAddress(text);
  if ('address' in parsed) return parsed;
  throw new UsageError(`--${option} needs one email address`);
}

/** `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`, as node:dns takes them. */
function isServer(server: string): boolean {
  const [, ipv6, ipv4] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(server) ?? [];
  return isIP(ipv6 ?? ipv4 ?? server) !== 0;
}

type Openers = {
  [Name in Part & keyof DoctorSections]: (
    section: NonNullable<DoctorSections[Name]>,
    questions: Questions,
  ) => Opened;
};

const OPENERS: Openers = {
  relay({ smtp, from }, { rcpt, sendTo: recipient }) {
    const mailer = createMailer(smtp);
    const sendTo = recipient && { mailer, recipient };
    return {
      examination: relayExamination({ smtp, from, rcpt, sendTo }),
      close: () => mailer.close(),
    };
  },
  dns: (section, { dnsServer }) => ({
    examination: senderExamination({ ...section, resolve: createResolver(dnsServer) }),
  }),
  temporal(section) {
    const client = createTemporalClient(section.temporal);
    return {
      examination: temporalExamination({ ...section, client }),
      close: () => client.connection.close(),
    };
  },
  database({ database: address, recipientSource: source, adminDatabase }) {
    // What it logs is among the findings.
    const logger = createLogger('critical');
    const database = createDatabase({ ...address, logger });
    const recipients = createRecipientDirectory({ database, source, logger });
    return {
      examination: databaseExamination({ database: address, adminDatabase, recipients }),
      close: () => database.close(),
    };
  },
  provider: (section, { taskId }) => ({
    examination: providerExamination({ taskApi: createTaskApi(section), taskId }),
  }),
  webhook: ({ publicBaseUrl, webhookSecrets: secrets }) => ({
    examination: webhookExamination({ publicBaseUrl, secrets }),
  }),
};

function openPart<Name extends keyof Openers>(
  part: Name,
  sections: DoctorSections,
  questions: Questions,
): Opened {
  const section = sections[part];
  if (section) return OPENERS[part](section as never, questions);
  const judgement = failure({
    what: 'not examined: its configuration has faults',
    why: 'Nothing can be said about this part.',
    remedy: 'Correct what `bulk-notify doctor --part configuration` names.',
  });
  return { examination: { part, examine: (check) => check('configuration', () => judgement) } };
}
