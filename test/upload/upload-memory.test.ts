import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { UPLOAD_PATH } from '../../src/upload/route';
import { json, TAKEN } from '../support/raw-upstream';
import { fetch } from '../support/recorded-fetch';
import { startUnwatchedUploadApi, type UnwatchedUploadApi } from '../support/unwatched-upload-api';
import { USER_TOKEN } from '../support/upload-endpoint';
import { file, formBody, formType, metadata } from '../support/upload-form';

const MIB = 2 ** 20;
const SIZE = 10 * MIB;
const AT_ONCE = 20;
/** MiB that the process may grow by over idle. */
const ROOM = 60;

let stage: UnwatchedUploadApi;
let api: ServiceProcess;
let bytes = 0;
let users = 0;

beforeAll(async () => {
  stage = await startUnwatchedUploadApi((response, incoming) => {
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
    incoming.on('end', () => json(TAKEN, 202)(response, incoming));
  });
  ({ api } = stage);
});
afterAll(() => stage.close());

/** Resident memory of the process in MiB, as it says itself. */
async function memory(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${api.adminPort}/metrics`);
  const [, resident] = /^process_resident_memory_bytes (\S+)$/m.exec(await response.text()) ?? [];
  return Number(resident) / MIB;
}

/** Sends a file of the maximum size in pieces, so that the test itself needs no memory for it. */
function upload(): Promise<number | undefined> {
  const form = formBody([file('a.csv', '|'), metadata('a.csv')])
    .toString()
    .split('|');
  const piece = Buffer.alloc(64 * 1024, 'jane@example.org\n');
  return new Promise((resolve, reject) => {
    const outgoing = request({
      port: api.port,
      method: 'POST',
      path: UPLOAD_PATH,
      // Each for another user, because one user may not have as many concurrently.
      headers: { Authorization: `Bearer ${USER_TOKEN}${(users += 1)}`, 'Content-Type': formType },
    });
    outgoing.on('response', (incoming) => {
      incoming.resume().on('end', () => resolve(incoming.statusCode));
    });
    outgoing.on('error', reject);
    outgoing.write(form[0]);
    let left = SIZE;
    const send = (): void => {
      while (left > 0) {
        left -= piece.length;
        if (!outgoing.write(piece)) return void outgoing.once('drain', send);
      }
      outgoing.end(form[1]);
    };
    send();
  });
}

describe(`POST ${UPLOAD_PATH}`, () => {
  it('streams 20 files of 10 MB concurrently in less than 60 MB of memory', async () => {
    for (let i = 0; i < 3; i += 1) await upload();
    await delay(2_000);
    const idle = await memory();
    bytes = 0;

    let busy = true;
    let peak = idle;
    const watching = (async () => {
      while (busy) peak = Math.max(peak, await memory());
    })();
    const statuses = await Promise.all(Array.from({ length: AT_ONCE }, upload));
    busy = false;
    await watching;

    expect(statuses).toEqual(Array(AT_ONCE).fill(200));
    expect(bytes).toBeGreaterThan(AT_ONCE * SIZE);
    expect(peak - idle).toBeLessThan(ROOM);
  });
});
