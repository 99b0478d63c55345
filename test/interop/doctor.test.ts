import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { withClient } from '../../tools/sandbox/postgres/with-client';
import { READING_FUNCTIONS } from '../../src/clients/postgres/reader-rights';
import type { DoctorReport } from '../../src/doctor/report';
import { onFreePorts } from '../../tools/sandbox/network/on-free-ports';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { startNsd } from './support/nsd';

const CLI = join(__dirname, '../../dist/src/cli.js');
const ROLE = 'doctor_interop_worker';
const READER = 'doctor_interop_reader';
const PASSWORD = 'planted-password';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

/** The zone of a sender whose relay, spf.relay.example, is allowed or forgotten. */
const zone = (spf: string) => `
sender TXT "v=spf1 ${spf} -all"
sender MX 10 mx.sender
mx.sender A 192.0.2.25
_dmarc.sender TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@sender.example"
s1._domainkey.sender TXT "v=DKIM1; p=${KEY.slice(0, 200)}" "${KEY.slice(200)}"
spf.relay TXT "v=spf1 ip4:192.0.2.0/28 ~all"
null MX 0 .
`;

let surroundings: Surroundings;
let environment: Record<string, string>;
let taskId: string;
beforeAll(async () => {
  surroundings = await startSurroundings();
  ({ taskId } = await surroundings.addUpload());
  const { url } = surroundings.postgres;
  await withClient(url, (client) =>
    client.query(`
      create role ${ROLE} login password '${PASSWORD}';
      grant usage on schema bulk_notify to ${ROLE};
      grant execute on all functions in schema bulk_notify to ${ROLE};
      create role ${READER} login password '${PASSWORD}';
      grant usage on schema bulk_notify to ${READER};
      grant select on all tables in schema bulk_notify to ${READER};
      ${READING_FUNCTIONS.map((name) => `grant execute on function bulk_notify.${name} to ${READER};`).join('')}`),
  );
  const urlAs = (role: string) => {
    const own = new URL(url);
    [own.username, own.password] = [role, PASSWORD];
    return own.href;
  };
  environment = {
    ...surroundings.environment,
    DATABASE_URL: urlAs(ROLE),
    ADMIN_DATABASE_URL: urlAs(READER),
    TEMPORAL_RETENTION: '24h',
    SMTP_FROM_EMAIL: 'noreply@sender.example',
    SMTP_REPLY_TO: 'support@sender.example',
    SMTP_EHLO_NAME: 'app.sender.example',
    SMTP_OUTGOING_ADDRESSES: 'spf.relay.example',
    SMTP_DKIM_SELECTOR: 's1',
  };
  const port = await onFreePorts([undefined], async ([free]) => String(free));
  environment.PUBLIC_BASE_URL = `http://127.0.0.1:${port}`;
  await Promise.all([
    surroundings.start('api', { HTTP_PORT: port, ADMIN_PORT: '0' }),
    surroundings.start('worker'),
  ]);
});
afterAll(async () => {
  await surroundings.close();
  await withClient(surroundings.postgres.url, (client) =>
    client.query(`drop owned by ${ROLE}, ${READER}; drop role ${ROLE}, ${READER}`),
  );
});

function runDoctor(args: string[], change: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, ...environment, ...change };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [CLI, 'doctor', ...args], { env }, (err, stdout, stderr) =>
      resolve({ code: err ? Number(err.code) : 0, stdout, stderr }),
    );
  });
}

it('ends with 0 when all is well', async () => {
  const nsd = await startNsd(zone('include:spf.relay.example'));

  const args = ['--dns-server', nsd.server, '--task', taskId, '--rcpt', 'owner@customer.example'];
  const { code, stdout, stderr } = await runDoctor(args);
  await nsd.close();

  // The dev server does not say whether it orders tasks by fairness.
  expect(stdout).toMatch(/\nAll is well: \d+ checks in \d+\.\d s \(1 not judged\)\.\n$/);
  expect([code, stderr]).toEqual([0, '']);
  expect(surroundings.relay.received).toEqual([]);
});

it('finds that SPF lacks the relay, although the relay accepts the email with 250', async () => {
  const nsd = await startNsd(zone('ip4:198.51.100.7'));

  const args = ['--dns-server', nsd.server, '--json', '--rcpt', 'owner@customer.example'];
  const change = { SMTP_REPLY_TO: 'support@null.example' };
  const { code, stdout } = await runDoctor(args, change);
  await nsd.close();

  const { parts } = JSON.parse(stdout) as DoctorReport;
  const failed = parts.flatMap(({ findings }) =>
    findings
      .filter(({ status }) => status === 'failure')
      .map(({ part, check }) => `${part} ${check}`),
  );
  expect(code).toBe(1);
  expect(failed.sort()).toEqual(['dns Reply-To', 'dns SPF of the relay']);
  expect(stdout).toContain('v=spf1 ip4:198.51.100.7 include:spf.relay.example -all');
  expect(stdout).not.toContain(PASSWORD);
});
