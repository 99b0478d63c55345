import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Progress } from '../process/progress';
import { runTool } from '../process/run-tool';

const answerWithinMs = 5_000;

export interface Download {
  /** `https://…/cli/archive`; the version and the machine's kind are added. */
  from: string;
  version: string;
  env: NodeJS.ProcessEnv;
  progress: Progress;
}

/** Puts the `temporal` of the published archive into `directory`. Fails fast where it is not reached. */
export async function downloadTemporal(directory: string, download: Download): Promise<void> {
  const machine = `platform=${platform()}&arch=${arch() === 'x64' ? 'amd64' : arch()}`;
  const url = `${download.from}/v${download.version}?${machine}`;
  const body = await answerOf(url);

  const doing = 'downloading the Temporal dev server, once';
  download.progress(doing);
  const archive = join(directory, 'archive.tar.gz');
  await pipeline(Readable.fromWeb(body), createWriteStream(archive));
  await runTool('tar', ['-xzf', archive, '-C', directory, 'temporal'], {
    env: download.env,
    progress: download.progress,
    doing,
    usually: 'a few seconds',
  });
  await rm(archive);
}

async function answerOf(url: string): Promise<ReadableStream> {
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort(new Error(`no answer within ${answerWithinMs / 1000} s`));
  }, answerWithinMs);
  try {
    const response = await fetch(url, { signal: timeout.signal });
    if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
    return response.body as ReadableStream;
  } catch (error) {
    // fetch says only "fetch failed"; the reason is in its cause.
    const { cause, message } = error as Error & { cause?: Error };
    throw new Error(`${url}: ${cause?.message || message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
