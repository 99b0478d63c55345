import { openRecord } from './record';

/** The global `fetch`; a record is kept of its answers. */
export async function fetch(...request: Parameters<typeof globalThis.fetch>): Promise<Response> {
  const record = openRecord('answers');
  const response = await globalThis.fetch(...request);
  const { status, headers } = response;
  const head = [status, ...headers].join('\n');
  response
    .clone()
    .text()
    .then((body) => record(`${head}\n\n${body}\n`))
    // The server or the test has cut the answer.
    .catch(() => undefined);
  return response;
}
