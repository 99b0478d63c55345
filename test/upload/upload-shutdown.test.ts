import { type ServiceProcess, startService } from '../../tools/sandbox/service/service-process';
import { until } from '../../tools/sandbox/until';
import { rawConnection } from '../support/raw-request';
import { json, type RawUpstream, rawUpstream, TAKEN, whenRead } from '../support/raw-upstream';
import { formBody } from '../support/upload-form';
import { one, post } from '../support/upload-stage';

let upstream: RawUpstream;
let api: ServiceProcess;
/** Lets the provider answer. */
let answerNow: (() => void) | undefined;

beforeAll(async () => {
  upstream = await rawUpstream(
    whenRead((response, request) => {
      answerNow = () => json(TAKEN, 202)(response, request);
    }),
  );
  api = await startService('api', {
    HTTP_PORT: '0',
    ADMIN_PORT: '0',
    EMAIL_API_BASE_URL: upstream.baseUrl,
    PUBLIC_BASE_URL: 'https://notify.example',
    // Nothing listens there, so that uploads are accepted and logged as not watched.
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
});

afterAll(async () => {
  await api.stop('SIGKILL');
  await upstream.close();
});

async function isListening(): Promise<boolean> {
  try {
    (await rawConnection(api.port)).close();
    return true;
  } catch {
    return false;
  }
}

describe('SIGTERM', () => {
  it('lets the API finish an upload whose client left after the end of the form', async () => {
    const connection = await rawConnection(api.port);
    const form = formBody(one);
    connection.send(post(`Content-Length: ${form.length}`));
    connection.send(form);
    await until('the provider has the form', () => answerNow !== undefined);

    connection.close();
    const stopped = api.stop();
    await until('the API listens no more', async () => !(await isListening()));
    answerNow?.();
    await stopped;

    expect(await api.exited).toBe(0);
    const { task_id: taskId } = TAKEN;
    const events = api.lines.filter((line) => line.task_id === taskId).map(({ event }) => event);
    expect(events).toEqual(['upload.accepted', 'upload.not_watched']);
    expect(api.lines.at(-1)).toMatchObject({ event: 'api.stopped' });
  });
});
