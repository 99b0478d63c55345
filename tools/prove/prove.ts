import { writeFileSync } from 'node:fs';
import { faultCounts, table } from './judge/table';
import { commandOf, parseOptions, type ProveOptions } from './options';
import { type Proof, runProof } from './run-proof';

const USAGE = `Usage: npm run prove [-- OPTIONS]

Runs the service as real processes on real parts, breaks all of them while webhooks come in, repairs
everything, and compares what was sent in with what Temporal, the ledger and the relay know.

Options:
  --seed N              the same seed gives the same plan (default: a random one, shown)
  --minutes M           how long it goes on (default: 2)
  --policy P            SMTP_UNCERTAIN_POLICY: resend (default), park, assume_sent, or all in turn
  --max-per-second N    SMTP_MAX_PER_SECOND (default: none, and a first attempt is a local activity)
  --faults LIST         all (default), none, or some of:
                        api,worker,temporal,postgres,links,provider,relay,smtp
  --rate N              uploads a second (default: 2)
  --cluster             the real Temporal server on its own Postgres instead of the dev server
  --plant BUG           plants a bug, which has to be found: claim-skipped, lost-reply-forgotten or
                        duplicates-allowed
  --json FILE           writes the report there, too
  -h, --help            show this text

Exit codes: 0 proved, 1 a promise was broken, 2 wrong usage, 130 stopped.
`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  let options: ReturnType<typeof parseOptions>;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options === 'help') {
    say(USAGE);
    return 0;
  }
  return prove(options);
}

async function prove(options: ProveOptions): Promise<number> {
  // The guardians of all parts see this process end, and clear away.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
  const proofs: Proof[] = [];
  say(`seed ${options.seed}`);
  say(`Node ${process.version}`);
  for (const policy of options.policies) {
    const proof = await runProof(options, policy, say);
    proofs.push(proof);
    tell(proof, commandOf(options, policy));
  }
  say(`\n${table(proofs)}\n`);
  if (options.json) writeFileSync(options.json, JSON.stringify(proofs, undefined, 2));
  return proofs.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

function tell(proof: Proof, command: string): void {
  say(`\nfaults: ${faultCounts(proof)}`);
  for (const { kind, taskId, what } of proof.violations) {
    say(`${kind.toUpperCase()}: task ${taskId}: ${what}`);
  }
  for (const [taskId, lines] of Object.entries(proof.stories)) {
    say(`\nThe story of task ${taskId}:`);
    lines.forEach((line) => say(`  ${line}`));
  }
  if (proof.violations.length > 0) say(`\nThe same again: ${command}`);
}

// A reader that is slow gets all of a long story before the process ends.
void main(process.argv.slice(2)).then((code) => process.stdout.write('', () => process.exit(code)));
