import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { userToken } from '../../tools/sandbox/service/user-token';
import { UPLOAD_PATH } from '../../src/upload/route';
import { eventually } from '../support/eventually';
import { httpServerOf } from '../support/http-server-of';
import { head } from '../support/raw-request';
import { json, TAKEN, whenRead } from '../support/raw-upstream';
import { file, formBody, type FormPart, formType } from '../support/upload-form';
import { createUploadStage, MIB, one } from '../support/upload-stage';

const SECRET = 'the secret of the project, 32 bytes or more';
const auth = { jwtSecret: SECRET };
const stage = createUploadStage();
const newToken = () => userToken(randomUUID(), 'jane@example.org', SECRET);

const upload = (token: string, parts: FormPart[] = one) =>
  stage.endpoint.send(new Uint8Array(formBody(parts)), {
    'Content-Type': formType,
    Authorization: `Bearer ${token}`,
  });

const noForm = (token: string) =>
  stage.endpoint.send(new Uint8Array(), { Authorization: `Bearer ${token}` });

/** Begins an upload of 1 MiB, of which this much comes. */
async function begin(token: string, body: Buffer = BEGINNING) {
  const connection = await stage.open();
  const length = `Content-Length: ${MIB}`;
  const authorization = `Authorization: Bearer ${token}`;
  connection.send(
    head(`POST ${UPLOAD_PATH}`, [authorization, `Content-Type: ${formType}`, length]),
  );
  connection.send(body);
  return connection;
}
const BEGINNING = formBody([file('a.csv', 'x'.repeat(200))]).subarray(0, 150);
const STATUS = /^HTTP\/1\.1 (\d+) /;

describe(`POST ${UPLOAD_PATH}`, () => {
  it('accepts the upload of another user while one user keeps 100 open', async () => {
    await stage.start({ auth });
    const token = await newToken();
    const connections = await Promise.all(Array.from({ length: 100 }, () => begin(token)));
    let refused = 0;
    connections.forEach(({ until }) => {
      until(STATUS).then(
        (answer) => (refused += STATUS.exec(answer)?.[1] === '429' ? 1 : 0),
        () => {},
      );
    });
    await eventually(() => refused === 95);

    const own = await upload(token);
    const others = await upload(await newToken());

    expect(own).toMatchObject({ status: 429, body: { code: 'too_many_uploads' } });
    expect(own.headers.get('Retry-After')).toBe('5');
    expect(others.status).toBe(200);
  });

  it('answers 503 when all slots are in use', async () => {
    const { requests } = await stage.startBefore((_response, request) => void request.resume(), {
      auth,
      slots: { slots: 2 },
    });
    await begin(await newToken());
    await begin(await newToken());
    await eventually(() => requests.length === 2);

    const answer = await upload(await newToken());

    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  });

  it('counts by the token when it is not verified', async () => {
    const { requests } = await stage.startBefore(whenRead(json(TAKEN, 202)), {
      slots: { slotsPerUser: 1 },
    });
    await begin('one-token');
    await eventually(() => requests.length === 1);

    const statuses = [(await upload('one-token')).status, (await upload('another-token')).status];

    expect(statuses).toEqual([429, 200]);
  });

  describe('releases the slot', () => {
    it.each<[string, number, FormPart[]]>([
      ['was taken', 200, one],
      ['is no form', 400, []],
      ['has no metadata', 400, [file('a.csv')]],
      ['is too large', 413, [file('a.csv', Buffer.alloc(MIB + 1, 'x'))]],
    ])('when an upload %s', async (_what, status, parts) => {
      await stage.start({ auth, fileMaxMib: 1, slots: { slotsPerUser: 1 } });
      const token = await newToken();

      const answer = await upload(token, parts);

      expect(answer.status).toBe(status);
      expect((await upload(token)).status).toBe(200);
    });

    it.each<[string, number, () => Promise<unknown>]>([
      [
        'does not answer',
        504,
        () => stage.startBefore(() => {}, { auth, slots: { slotsPerUser: 1 }, timeout: 100 }),
      ],
      [
        'hangs up',
        502,
        () =>
          stage.startBefore(
            whenRead((response) => void response.destroy()),
            { auth, slots: { slotsPerUser: 1 } },
          ),
      ],
    ])('when the provider %s', async (_what, status, start) => {
      await start();
      const token = await newToken();

      const statuses = [(await upload(token)).status, (await upload(token)).status];

      expect(statuses).toEqual([status, status]);
    });

    it('when an upload cannot be watched', async () => {
      const watch = () => Promise.reject(new Error('no Temporal'));
      await stage.start({ auth, watch, slots: { slotsPerUser: 1 } });
      const token = await newToken();
      await upload(token);

      const answer = await upload(token);

      expect(answer.status).toBe(200);
    });

    it('when the client disconnects within a file', async () => {
      await stage.start({ auth, slots: { slotsPerUser: 1 } });
      const token = await newToken();
      const connection = await begin(token);
      await eventually(async () => (await upload(token)).status === 429);

      connection.close();
      await eventually(async () => (await upload(token)).status !== 429);

      expect((await upload(token)).status).toBe(200);
    });

    it('when the client disconnects while Supabase is asked', async () => {
      const confirms: ((confirmation: 'confirmed') => void)[] = [];
      const confirmationOf = () =>
        new Promise<'confirmed'>((resolve) => void confirms.push(resolve));
      await stage.start({ auth: { ...auth, confirmationOf } });
      const arriving = once(await httpServerOf(stage.endpoint.port), 'request');
      const connection = await begin(await newToken());
      const [request] = (await arriving) as [IncomingMessage];
      await eventually(() => confirms.length === 1);

      connection.close();
      await eventually(() => request.closed);
      confirms[0]?.('confirmed');

      await eventually(async () => Object.keys(await stage.endpoint.answers()).length > 0);
      expect(await stage.endpoint.answers()).toEqual({ client_gone: 1 });
    });

    it('when the client is too slow and gets 408', async () => {
      const minRate = { bytesPerSecond: 1_000, windowMs: 200 };
      await stage.start({ auth, minRate, slots: { slotsPerUser: 1 } });
      const token = await newToken();
      const connection = await begin(token);
      const trickle = setInterval(() => connection.send('x'), 20);

      const answer = await connection.until(/\}$/);
      clearInterval(trickle);

      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('"code":"client_too_slow"');
      // Not 429; and refused before the rate counts, so that a stall does not slow it down too.
      expect(await noForm(token)).toMatchObject({ status: 400, body: { code: 'form_invalid' } });
    });
  });
});
