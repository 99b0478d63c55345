import { simpleParser } from 'mailparser';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { serviceUrls } from '../../tools/sandbox/service/service-urls';
import { fetch } from '../support/recorded-fetch';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { addOwner, startUploadApi } from '../support/upload-api';
import { isRetried } from '../../tools/sandbox/provider/retry-wait';
import { until } from '../../tools/sandbox/until';
import { workbook } from '../support/workbook';

let surroundings: Surroundings;
let api: ServiceProcess;

beforeAll(async () => {
  surroundings = await startSurroundings();
  [api] = await Promise.all([startUploadApi(surroundings), surroundings.start('worker')]);
});

afterEach(() => {
  surroundings.provider.uploads.length = 0;
  surroundings.provider.deliveries.length = 0;
});

afterAll(() => surroundings.close());

describe('files uploaded without a webhook_url', () => {
  it('become a mail each, when the provider reports to our endpoint', async () => {
    const { provider } = surroundings;
    const owner = await addOwner(surroundings);

    const answer = await upload(owner.token, {
      'leads.txt': ['a@example.com\nb@example.com\nc@example.com\n'],
      'Kundenliste – März.csv': ['name,email\nA,a@example.com\nB,\nC,c@example.com\n', 'B'],
      'q3.xlsx': [workbook(), '2'],
    });
    provider.uploads.forEach(({ taskId }) => provider.setStatus(taskId, 'completed'));
    const deliveries = await delivered();
    const mails = await mailsTo(owner.email, 3);

    const counts = { 'leads.txt': 3, 'Kundenliste – März.csv': 2, 'q3.xlsx': 2 };
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(
      Object.entries(counts).map(([filename, email_count]) =>
        expect.objectContaining({ filename, email_count, status: 'processing' }),
      ),
    );
    expect(provider.uploads.map(({ filename }) => filename).sort()).toEqual(
      Object.keys(counts).sort(),
    );
    expect(deliveries).toHaveLength(3);
    const url = serviceUrls(api.port).webhook;
    deliveries.forEach((delivery) => {
      expect(delivery).toMatchObject({ url });
      expectRepeatedUntil200(delivery);
    });
    expect(mails.map(({ subject }) => subject).sort()).toEqual(
      Object.keys(counts)
        .map((filename) => `Verification of ${filename} is complete`)
        .sort(),
    );
    for (const [filename, count] of Object.entries(counts)) {
      const mail = mails.find(({ subject }) => subject?.includes(filename));
      expect(mail?.text).toContain(`all ${count} addresses in ${filename} have been verified.`);
    }
  });

  it('that fail at the provider become a mail that says so', async () => {
    const owner = await addOwner(surroundings);

    await upload(owner.token, { 'broken.txt': ['a@example.com\n'] });
    const { provider } = surroundings;
    provider.uploads.forEach(({ taskId }) => provider.setStatus(taskId, 'failed'));
    await delivered();
    const [mail] = await mailsTo(owner.email, 1);

    expect(mail?.subject).toBe('Verification of broken.txt failed');
  });

  it('become one mail, too, when our endpoint is down at first', async () => {
    const { provider } = surroundings;
    const owner = await addOwner(surroundings);
    await upload(owner.token, { 'later.txt': ['a@example.com\n'] });
    const { port } = api;

    await api.stop();
    provider.uploads.forEach(({ taskId }) => provider.setStatus(taskId, 'completed'));
    await until('the provider tries in vain', () => provider.deliveries[0]!.attempts.length > 0);
    api = await startUploadApi(surroundings, port);
    const [delivery] = await delivered();
    const [mail] = await mailsTo(owner.email, 1);

    expect(mail?.subject).toBe('Verification of later.txt is complete');
    expect(delivery!.attempts[0]).toMatchObject({ answer: 'connection_error' });
    expectRepeatedUntil200(delivery!);
  });
});

type Files = Record<string, [content: string | Uint8Array<ArrayBuffer>, column?: string]>;

/** All of them in one request, as a browser would. */
async function upload(token: string, files: Files) {
  const form = new FormData();
  for (const [name, [content]] of Object.entries(files)) {
    form.append('files', new Blob([content]), name);
  }
  const metadata = Object.entries(files).map(([file_name, [, email_column]]) => ({
    file_name,
    email_column,
    first_row_has_labels: true,
    remove_duplicates: false,
  }));
  form.set('file_metadata', JSON.stringify(metadata));
  const response = await fetch(serviceUrls(api.port).upload, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: form,
  });
  return { status: response.status, body: await response.json() };
}

/** The provider's webhooks, when all of them are acknowledged. */
async function delivered() {
  const { deliveries } = surroundings.provider;
  await until('all webhooks have ended', () => deliveries.every(({ ended }) => ended));
  expect(deliveries.filter(({ ended }) => ended !== 'acknowledged')).toEqual([]);
  return [...deliveries];
}

type Delivery = Awaited<ReturnType<typeof delivered>>[number];

/** Each attempt before the one that was taken had an answer after which the provider tries again. */
function expectRepeatedUntil200({ attempts }: Delivery): void {
  expect(attempts.at(-1)).toMatchObject({ answer: 200 });
  expect(attempts.slice(0, -1).filter((attempt) => !isRetried(attempt))).toEqual([]);
}

/** That many, and no more: every run has ended by then, or would only add to them. */
async function mailsTo(address: string, count: number) {
  const own = () =>
    surroundings.relay.received.filter(({ envelope }) => envelope.to.includes(address));
  await until(`${count} mails have come`, () => own().length >= count);
  expect(own()).toHaveLength(count);
  return Promise.all(own().map(({ raw }) => simpleParser(raw)));
}
