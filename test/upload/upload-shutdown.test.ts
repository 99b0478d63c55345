import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { until } from '../../tools/sandbox/until';
import { rawConnection } from '../support/raw-request';
import { json, TAKEN, whenRead } from '../support/raw-upstream';
import { startUnwatchedUploadApi, type UnwatchedUploadApi } from '../support/unwatched-upload-api';
import { formBody } from '../support/upload-form';
import { one, post } from '../support/upload-stage';

let stage: UnwatchedUploadApi;
let api: ServiceProcess;
/** Lets the provider answer. */
let answerNow: (() => void) | undefined;

beforeAll(async () => {
  stage = await startUnwatchedUploadApi(
    whenRead((response, request) => {
      answerNow = () => json(TAKEN, 202)(response, request);
    }),
  );
  ({ api } = stage);
});
afterAll(() => stage.close());

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
