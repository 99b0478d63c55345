import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { persistently } from '../support/persistently';
import { ADMIN_TOKEN } from '../support/planted-values';
import { fetch } from '../support/recorded-fetch';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';
import { pythonProgram } from './support/program';

const TIMEOUT_MS = 300_000;
/** The document has 503, which a busy Temporal causes; schemathesis takes it for a crash. */
const CHECKS = `[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 503]

`;
const ADMIN_PATHS = '^/(api/admin|healthz|readyz|metrics|openapi)';
/** Without uploads, whose files and metadata have to fit each other. */
const PUBLIC_PATHS = '^/api/tasks/(webhooks|.task_id)';

let surroundings: Surroundings;
let api: ServiceProcess;
let directory: string;
let document: { paths: Record<string, Record<string, object>> };
/** Values of parameters that name what there is. */
let known: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'openapi-test-'));
  surroundings = await startSurroundings();
  api = await surroundings.start('api', {
    ADMIN_API_TOKEN: ADMIN_TOKEN,
    // So that the webhooks of schemathesis are taken.
    WEBHOOK_SECRET_KEY: '',
    WEBHOOK_SIGNATURE_REQUIRED: 'false',
  });
  const response = await fetch(`http://127.0.0.1:${api.adminPort}/openapi.json`);
  const text = await response.text();
  document = JSON.parse(text) as typeof document;
  writeFileSync(join(directory, 'openapi.json'), text);
  known = await createKnown();
}, TIMEOUT_MS);
afterAll(async () => {
  await surroundings.close();
  rmSync(directory, { recursive: true });
});

/** A notification that was sent, and a bulk resend of it. */
async function createKnown(): Promise<Record<string, string>> {
  const worker = await surroundings.start('worker');
  const { taskId, userId } = await surroundings.addUpload();
  await surroundings.notify(api, { taskId });
  const order = { filter: { user: userId }, include_sent: true, request_id: 'ticket-4711' };
  const { bulk_id } = await ask('bulk-resends', order);
  await until('the bulk resend has ended', async () => {
    return (await ask(`bulk-resends/${String(bulk_id)}`)).state === 'completed';
  });
  // Without a worker, nothing that is requested is mailed, not even to the relay of the test.
  await worker.stop();
  return {
    event_id: `bulk_upload_notification:${taskId}:completed`,
    bulk_id: String(bulk_id),
    task_id: taskId,
    q: taskId,
  };
}

async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await persistently(() =>
    fetch(`http://127.0.0.1:${api.adminPort}/api/admin/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    }),
  );
  return (await response.json()) as Record<string, unknown>;
}

/** The exit code, and what was printed if that is not 0. */
function run(name: string, args: string[]): Promise<{ code: number; output?: string }> {
  return new Promise((resolve) => {
    const options = { cwd: directory, maxBuffer: 2 ** 26, timeout: TIMEOUT_MS };
    execFile(pythonProgram(name), args, options, (error, stdout, stderr) => {
      if (!error) resolve({ code: 0 });
      else resolve({ code: Number(error.code ?? -1), output: `${stdout}\n${stderr}` });
    });
  });
}

interface SchemathesisRun {
  port?: number;
  paths: string;
  options: string[];
  /** Values of parameters, by their names. */
  parameters?: Record<string, string>;
}

/** Every check of schemathesis but those that are given in `options`. */
async function schemathesis({ port, paths, options, parameters = {} }: SchemathesisRun) {
  const lines = Object.entries(parameters).map(([name, value]) => `${name} = "${value}"\n`);
  writeFileSync(join(directory, 'schemathesis.toml'), `${CHECKS}[parameters]\n${lines.join('')}`);
  const ended = await run('st', [
    ...['run', 'openapi.json', '--url', `http://127.0.0.1:${port}`, '--no-color'],
    ...['--header', `Authorization: Bearer ${ADMIN_TOKEN}`, '--include-path-regex', paths],
    // Threads that parse Python at once break CPython 3.11: one worker.
    ...['--seed', '1', '--workers', '1', '--request-timeout', '20'],
    ...['--report-json-path', 'report.json', ...options],
  ]);
  return { ...ended, succeeded: () => succeededOf(join(directory, 'report.json')) };
}

/** The operations that answered a valid request with success. */
function succeededOf(report: string): string[] {
  const { valid_rates: rates } = JSON.parse(readFileSync(report, 'utf8')) as {
    valid_rates: Record<string, Record<string, { accepted: number }>>;
  };
  return Object.entries(rates)
    .filter(([, phases]) => Object.values(phases).some(({ accepted }) => accepted > 0))
    .map(([operation]) => operation)
    .sort();
}

const operationsOf = (paths: string) =>
  Object.entries(document.paths)
    .filter(([path]) => new RegExp(paths).test(path))
    .flatMap(([path, item]) =>
      ['get', 'post'].filter((method) => item[method]).map((it) => `${it.toUpperCase()} ${path}`),
    )
    .sort();

describe('/openapi.json', () => {
  it('is valid for openapi-spec-validator', async () => {
    expect(await run('openapi-spec-validator', ['openapi.json'])).toEqual({ code: 0 });
  });

  it(
    'says what the admin listener answers, to every request of schemathesis',
    async () => {
      const { code, output } = await schemathesis({
        ...{ port: api.adminPort, paths: ADMIN_PATHS },
        // `stateful` follows the links from answer to request.
        options: ['--phases', 'coverage,stateful'],
      });

      expect({ code, output }).toEqual({ code: 0 });
    },
    TIMEOUT_MS,
  );

  it(
    'says what each operation of the admin listener answers about what is there',
    async () => {
      const { code, output, succeeded } = await schemathesis({
        ...{ port: api.adminPort, paths: ADMIN_PATHS, parameters: known },
        options: ['--phases', 'coverage', '--mode', 'positive'],
      });

      expect({ code, output }).toEqual({ code: 0 });
      expect(succeeded()).toEqual(operationsOf(ADMIN_PATHS));
    },
    TIMEOUT_MS,
  );

  it(
    'says what the public listener answers to webhooks and watches',
    async () => {
      const { code, output, succeeded } = await schemathesis({
        ...{ port: api.port, paths: PUBLIC_PATHS },
        options: ['--phases', 'coverage', '--mode', 'positive'],
      });

      expect({ code, output }).toEqual({ code: 0 });
      expect(succeeded()).toEqual(operationsOf(PUBLIC_PATHS));
    },
    TIMEOUT_MS,
  );
});
