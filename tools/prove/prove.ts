import { writeFileSync } from 'node:fs';
import { faultCounts, table } from './judge/table';
import { commandOf, parseOptions, type ProveOptions } from './options';
import { type Proof, runProof } from './run-proof';

const USAGE = `Usage: npm run prove [-- OPTIONS]

Runs the service as real processes on real parts, injects faults into all of them while webhooks come
in, repairs everything, and compares the requests with Temporal, the ledger and the relay.

Options:
  --seed N              seed of the plan; the same seed gives the same plan (default: random)
  --minutes M           duration of traffic and faults (default: 2)
  --policy P            SMTP_UNCERTAIN_POLICY: resend (default), park, assume_sent, or all in turn
  --max-per-second N    SMTP_MAX_PER_SECOND (default: none, and a first attempt is a local activity)
  --faults LIST         all (default), none, or some of:
                        api,worker,temporal,postgres,links,provider,relay,smtp
  --rate N              uploads a second (default: 2)
  --cluster             the real Temporal server on its own Postgres instead of the dev server
  --mutant LIST         puts bugs into the service that have to be found, some of:
                        claim-skipped,lost-reply-forgotten,duplicates-allowed,
                        no-called-ambiguous,reply-behind
  --json FILE           writes the report as JSON
  -h, --help            show this text

Exit codes: 0 proved, 1 a guarantee was broken, 2 wrong usage, 130 interrupted.
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
  // The guardians of the parts notice the end of this process and clean up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
  const proofs: Proof[] = [];
  say(`seed ${options.seed}`);
  say(`Node ${process.version}`);
  for (const policy of options.policies) {
    const proof = await runProof(options, policy, say);
    proofs.push(proof);
    printProof(proof, commandOf(options, policy));
  }
  say(`\n${table(proofs)}\n`);
  if (options.json) writeFileSync(options.json, JSON.stringify(proofs, undefined, 2));
  return proofs.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

function printProof(proof: Proof, command: string): void {
  say(`\nfaults: ${faultCounts(proof)}`);
  for (const { kind, taskId, what } of proof.violations) {
    say(`${kind.toUpperCase()}: task ${taskId}: ${what}`);
  }
  for (const [taskId, lines] of Object.entries(proof.timelines)) {
    say(`\nTimeline of task ${taskId}:`);
    lines.forEach((line) => say(`  ${line}`));
  }
  if (proof.violations.length > 0) say(`\nRepeat with: ${command}`);
}

// Writing waits until a slow reader has read everything.
void main(process.argv.slice(2)).then((code) => process.stdout.write('', () => process.exit(code)));
