import type { UncertainPolicy } from '../activities/types';
import { startClock } from './drive/clock';
import { createDriver } from './drive/driver';
import { createInjectors } from './drive/injectors';
import { createOperator } from './drive/operator';
import { addOwners } from './drive/owners';
import { patiently } from './drive/patiently';
import { playFaults } from './drive/play-faults';
import { createSender } from './drive/sender';
import { settle } from './drive/settle';
import { readHistory } from './judge/read-history';
import { readLedger } from './judge/read-ledger';
import { readRuns } from './judge/read-runs';
import { reconcile } from './judge/reconcile';
import { story } from './judge/story';
import type { Row } from './judge/table';
import type { FaultTruth, Truths } from './judge/truths';
import type { Violation } from './judge/violation';
import type { ProveOptions } from './options';
import { planFaults } from './plan/fault-plan';
import { planTraffic } from './plan/traffic';
import { createRandom } from './random';
import { startStage } from './stage/stage';

export interface Proof extends Row {
  violations: Violation[];
  /** By task. */
  stories: Record<string, string[]>;
}

const PROGRESS_MS = 10_000;
const OPERATOR_MS = 20_000;
/** Beyond this many, one more story tells nothing new. */
const STORIES = 10;

/** One run under one policy: traffic and faults, then repair, then the four truths side by side. */
export async function runProof(
  options: ProveOptions,
  policy: UncertainPolicy,
  say: (line: string) => void,
): Promise<Proof> {
  const { seed, minutes, rate, cluster, plant } = options;
  const random = createRandom(seed);
  const lengthMs = minutes * 60_000;
  const traffic = planTraffic(random.fork('traffic'), rate, lengthMs);
  const planned = planFaults(random.fork('faults'), { ...options, lengthMs });
  const faults: FaultTruth[] = [];
  const onExit = (name: string, code: number | undefined, lastWords: string) => {
    const now = Date.now();
    faults.push({ at: now, until: now, target: name, what: 'ended by itself' });
    say(`${name} ended by itself (${code ?? 'no exit code'}): ${lastWords}`);
  };

  say(`policy ${policy}: starting Temporal, Postgres, relay, provider, 2 APIs and 2 workers`);
  const stage = await startStage({ policy, random, cluster, plant, onExit });
  const over = new AbortController();
  const clock = startClock(over.signal);
  try {
    const { client, postgres, relay, slots } = stage;
    await addOwners(postgres.url, traffic.uploads);
    const sender = createSender(stage, clock, over.signal);
    const driver = createDriver({ stage, traffic, sender, clock });
    const livePids = () => [...slots.values()].flatMap((slot) => slot.current()?.pid ?? []);
    const operator = createOperator(client, livePids);
    const sent = driver.play();
    sent.catch(() => undefined);
    repeat(PROGRESS_MS, () => say(progress()));
    repeat(OPERATOR_MS, () => void operator.retryNow().catch(() => undefined));

    relay.breakDialogues(options.faults.includes('smtp'));
    await Promise.all([
      playFaults(planned, { clock, inject: createInjectors(stage, clock), log: faults }),
      clock.until(lengthMs).then(() => relay.breakDialogues(false)),
    ]);
    say('everything is whole again; what waits is hurried, and the sweep looks');
    const lost = traffic.uploads.filter(({ watch }) => watch).map(({ taskId }) => taskId);
    const left = await settle({ operator, client, sent, lost, clock });
    if (left) say(`not settled in time: ${left}`);

    const { uploads, nuisances, posts } = driver;
    const [ledger, runs] = await Promise.all([
      patiently(clock, () => readLedger(postgres.url)),
      patiently(clock, () => readRuns(client)),
    ]);
    const { taken, refusals, notes } = relay;
    const truths: Truths = { policy, uploads, nuisances, runs, ...ledger, taken, refusals };
    const { account, violations } = reconcile(truths);
    const stories: Proof['stories'] = {};
    for (const taskId of [...new Set(violations.map((it) => it.taskId))].slice(0, STORIES)) {
      const history = await readHistory(client, taskId);
      stories[taskId] = story(taskId, { truths, posts, notes, faults, history });
    }
    const dialogues = Object.fromEntries(relay.faults);
    return { policy, seed, minutes, account, faults, dialogues, violations, stories };

    function progress(): string {
      const begun = driver.uploads.filter(({ taskId }) => driver.posts.has(taskId)).length;
      const broken = faults.length + [...relay.faults.values()].reduce((sum, it) => sum + it, 0);
      const time = new Date(clock.elapsed()).toISOString().slice(11, 19);
      return `${time}  ${begun} of ${traffic.uploads.length} sent, ${relay.taken.length} mails, ${broken} faults`;
    }

    function repeat(ms: number, act: () => void): void {
      const timer = setInterval(act, ms);
      clock.wait(2 ** 31 - 1).catch(() => clearInterval(timer));
    }
  } finally {
    over.abort();
    await stage.close();
  }
}
