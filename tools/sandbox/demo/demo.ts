import { parseArgs } from 'node:util';
import { startCluster } from '../cluster/cluster';
import { type DemoFile, readDemoFile } from './demo-file';
import { createDemoParts, type DemoParts, type StartsTemporal } from './demo-parts';
import { showOperatorSide } from './demo-operator';
import { createDemoStory } from './demo-story';
import { createUploadChapter } from './demo-upload';
import { createWebhookChapter } from './demo-webhook';
import { startTemporal } from '../temporal/temporal';
import { terminal } from './terminal';
import { untilStopped } from './until-stopped';

const USAGE = `Usage: npm run demo [-- [--upload FILE] [--cluster] [--once]]

Starts Temporal, Postgres, a mail relay, a stand-in for BoltRoute's API and the service, sends one
signed webhook and shows the mail that comes of it. Everything stays up until Ctrl-C.

Options:
  --upload FILE   upload this .txt, .csv or .xlsx through the service, and show what comes of it:
                  the provider works, sends its webhook, and the mail arrives
  --cluster       on the Temporal server with Postgres in place of the dev server
  --once          end after the first mail
  -h, --help      show this text

Exit codes: 0 done, 1 failed, 2 wrong usage or no such file, 130 stopped before it was done.
`;

const LOG_LINES_SHOWN = 10;

const { bold, quiet, red, say } = terminal;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options?.help) return print(process.stdout, USAGE, 0);
  if (!options) return print(process.stderr, USAGE, 2);
  const { upload, once, cluster } = options;
  const startsTemporal = cluster ? startCluster : startTemporal;
  if (upload === undefined) return demo({ once, startsTemporal });
  const file = readDemoFile(upload);
  if ('reason' in file) return print(process.stderr, `${file.reason}\n`, 2);
  return demo({ once, startsTemporal, file });
}

interface Play {
  once: boolean;
  startsTemporal: StartsTemporal;
  file?: DemoFile;
}

async function demo({ once, startsTemporal, file }: Play): Promise<number> {
  const began = performance.now();
  const stop = untilStopped();
  const parts = createDemoParts(stop.signal, startsTemporal);
  let complete = false;

  async function play(): Promise<void> {
    const what = file ? 'uploads one file' : 'sends one webhook';
    say('', bold(`bulk-notify: starts everything, ${what}, shows the mail`), '');
    const all = await parts.start();
    const story = createDemoStory(all);
    const chapter = file ? createUploadChapter(all, file) : createWebhookChapter(all);
    await chapter.play();
    story.showPlaces();
    showOperatorSide(all);
    await chapter.offerAnother();
    complete = true;
    if (once) return;
    say('', `Ctrl-C stops everything.`, '');
    await Promise.race([story.watchInbox(), ended('api', all), ended('worker', all)]);
  }

  try {
    await Promise.race([play(), stop.stopped]);
    return complete ? 0 : 130;
  } catch (error) {
    showFailure(error as Error, parts.up);
    return 1;
  } finally {
    say('', quiet('Stopping …'));
    await parts.close();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(quiet(`Everything is stopped, after ${seconds} s in all.`));
  }
}

async function ended(name: 'api' | 'worker', parts: DemoParts): Promise<never> {
  const code = await parts[name].exited;
  throw new Error(`The ${name} has ended by itself (${code ?? 'by a signal'}).`);
}

function showFailure(error: Error, up: Partial<DemoParts>): void {
  say('', red(error.message));
  for (const name of ['api', 'worker'] as const) {
    const lines = up[name]?.lines.slice(-LOG_LINES_SHOWN) ?? [];
    if (lines.length === 0) continue;
    say('', `The last log lines of ${name}:`, ...lines.map((line) => JSON.stringify(line)));
  }
}

function parseOptions(args: string[]) {
  const options = {
    upload: { type: 'string' },
    cluster: { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch {
    return undefined;
  }
}

function print(stream: NodeJS.WriteStream, text: string, code: number): number {
  stream.write(text);
  return code;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
