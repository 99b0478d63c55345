import type { UncertainPolicy } from '../../activities/send/send-policy';
import { startClock } from './drive/clock';
import { createDriver } from './drive/driver';
import { createInjectors } from './drive/injectors';
import { createOperator } from '../sandbox/temporal/operator';
import { addOwners } from './drive/owners';
import { playFaults } from './drive/play-faults';
import { settle } from './drive/settle';
import { collectObservations } from './judge/collect-observations';
import { reconcile } from './judge/reconcile';
import { collectTimelines } from './judge/collect-timelines';
import type { Row } from './judge/table';
import type { ObservedFault } from './judge/observations';
import type { Violation } from './judge/violation';
import type { ProveOptions } from './options';
import { planFaults } from './plan/fault-plan';
import { planTraffic } from './plan/traffic';
import { createRandom } from '../sandbox/random';
import { startStage } from './stage/stage';

export interface Proof extends Row {
  /** Node version of the proof and of the service. */
  node: string;
  violations: Violation[];
  /** By task. */
  timelines: Record<string, string[]>;
}

const PROGRESS_INTERVAL_MS = 10_000;
/** The relay breaks dialogues until it was given this share of the mails, but not for ever. */
const SHARE_TRIED = 0.9;
const MAILS_TRIED_WITHIN_MS = 4 * 60_000;
/** An operator retries waiting activities at this interval, also during faults. */
const OPERATOR_INTERVAL_MS = 20_000;

/** One run under one policy: traffic and faults, repair, then the comparison of the observations. */
export async function runProof(
  options: ProveOptions,
  policy: UncertainPolicy,
  say: (line: string) => void,
): Promise<Proof> {
  const { seed, minutes, rate } = options;
  const random = createRandom(seed);
  const lengthMs = minutes * 60_000;
  const traffic = planTraffic(random.fork('traffic'), rate, lengthMs);
  const planned = planFaults(random.fork('faults'), { ...options, lengthMs });
  const faults: ObservedFault[] = [];
  const onExit = (name: string, code: number | undefined, lastWords: string) => {
    const now = Date.now();
    faults.push({ at: now, until: now, target: name, what: 'ended by itself' });
    say(`${name} ended by itself (${code ?? 'no exit code'}): ${lastWords}`);
  };

  say(`policy ${policy}: starting Temporal, Postgres, relay, provider, 2 APIs and 2 workers`);
  const stage = await startStage({ ...options, policy, random, onExit });
  const { client, postgres, relay, slots } = stage;
  const clock = startClock();
  try {
    await addOwners(postgres.url, traffic.uploads);
    const driver = createDriver({ stage, traffic, clock });
    const livePids = () => [...slots.values()].flatMap((slot) => slot.current()?.pid ?? []);
    const operator = createOperator(client, livePids);
    const inject = createInjectors(stage, clock);
    const progress = () => {
      const broken = faults.length + relay.countBroken();
      const sent = `${driver.countBegun()} of ${traffic.uploads.length} sent`;
      return `${clock.time()}  ${sent}, ${relay.taken.length} mails, ${broken} faults`;
    };

    /** A slow machine does not spare the service the broken dialogues. */
    const breakDialogues = async () => {
      const enough = options.faults.includes('smtp') ? traffic.uploads.length * SHARE_TRIED : 0;
      const isLate = () => clock.elapsed() > lengthMs + MAILS_TRIED_WITHIN_MS;
      relay.breakDialogues(enough > 0);
      await clock.until(lengthMs);
      while (relay.submissions.length < enough && !isLate()) await clock.wait(100);
      relay.breakDialogues(false);
    };

    const sent = driver.play();
    void clock.repeat(PROGRESS_INTERVAL_MS, () => say(progress()));
    void clock.repeat(OPERATOR_INTERVAL_MS, () => operator.retryNow().catch(() => undefined));
    await Promise.all([playFaults(planned, { clock, inject, log: faults }), breakDialogues()]);
    say('everything is repaired; waiting activities are retried');
    const left = await settle({ operator, sent, clock });
    if (left) say(`not settled in time: ${left}`);

    const observations = await collectObservations({ policy, stage, driver, clock, faults });
    const { account, violations } = reconcile(observations);
    const sources = { observations, posts: driver.posts, notes: relay.notes };
    const timelines = await collectTimelines(client, violations, sources);
    const dialogues = Object.fromEntries(relay.faults);
    return {
      policy,
      seed,
      minutes,
      node: process.version,
      account,
      faults,
      dialogues,
      violations,
      timelines,
    };
  } finally {
    clock.end();
    await stage.close();
  }
}
