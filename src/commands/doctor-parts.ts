import type { RecipientAddress } from '../../activities/recipient/recipient-address';
import { createDatabase } from '../clients/postgres/database';
import { createRecipientDirectory } from '../clients/postgres/recipients';
import { createMailer } from '../clients/smtp/mailer';
import { createTaskApi } from '../clients/provider/task-api';
import type { DoctorSections } from '../config/read-doctor';
import { configurationExamination } from '../doctor/configuration';
import { databaseExamination } from '../doctor/database';
import { createResolver } from '../doctor/dns/resolver';
import { senderExamination } from '../doctor/dns/sender';
import { examineAll, type Examination } from '../doctor/examine';
import { failure, type Finding, type Part } from '../doctor/finding';
import { providerExamination } from '../doctor/provider';
import { relayExamination } from '../doctor/relay';
import { temporalExamination } from '../doctor/temporal';
import { webhookExamination } from '../doctor/webhook';
import { createLogger } from '../telemetry/logger';
import { createTemporalClient } from '../temporal/client';

export interface Questions {
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

interface Read {
  configuration: Parameters<typeof configurationExamination>[0];
  sections: DoctorSections;
}

/** Opens the parts that are asked for, examines them, and closes them. */
export async function examineParts(
  questions: Questions,
  { configuration, sections }: Read,
  stop: AbortSignal,
): Promise<Finding[]> {
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
  return findings;
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
