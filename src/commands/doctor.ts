import { isIP } from 'node:net';
import { parseAddress, type RecipientAddress } from '../../activities/recipient/recipient-address';
import { findOutdated } from '../config/ca-certificates';
import { loadDoctorConfig } from '../config/config';
import { type Part, PARTS } from '../doctor/finding';
import { createReport, renderReport } from '../doctor/report';
import { uuid } from '../parse/scalars';
import { defineCommand, UsageError } from './command';
import type { Questions } from './doctor-parts';
import { untilShutdown } from './shutdown';

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
  async run({ values }) {
    const questions = parseQuestions(values);
    const stop = untilShutdown();
    const begun = performance.now();
    const { sections, faults, variablesSet } = loadDoctorConfig();
    const outdatedCertificates = findOutdated(sections.relay?.smtp.caCertificates ?? []);
    const configuration = { faults, variablesSet, outdatedCertificates };
    // What only the doctor needs, such as an evaluation of SPF, is loaded only here.
    const { examineParts } = await import('./doctor-parts.js');
    const findings = await examineParts(questions, { configuration, sections }, stop);
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
