import type { Controls } from '../../sandbox/process/child';
import type { PlannedFault } from '../plan/fault-plan';
import type { ServiceSlot } from '../stage/service-slot';
import { signalTree } from '../stage/signal-tree';
import type { Stage } from '../stage/stage';
import type { TcpProxy } from '../../sandbox/network/tcp-proxy';
import type { Clock } from './clock';
import { retryUntilDone } from './retry-until-done';

/** Injects a fault for so long, then repairs it. */
type Injector = (forMs: number) => Promise<unknown>;
/** The faults of a target by name. */
type Injectors = Record<string, Injector>;

/** If no message arrives for so long, the fault happens without one. */
const FINAL_DOT_TIMEOUT_MS = 15_000;
/** A reply is in the ledger after so long. */
const SETTLED_AFTER_MS = 500;

/** Returns a function that injects a planned fault and resolves when the target is repaired. */
export function createInjectors(stage: Stage, clock: Clock) {
  const { slots, proxies, temporal, postgres, relay, provider } = stage;
  const wait = (ms: number) => clock.wait(ms);
  const freeze = (pid: () => number | undefined) => async (forMs: number) => {
    const frozen = pid();
    if (frozen === undefined) return;
    await signalTree(frozen, 'SIGSTOP');
    await wait(forMs).finally(() => signalTree(frozen, 'SIGCONT'));
  };

  /** Acts when the relay has a message from this worker and has not replied. */
  async function atTheFinalDot(worker: string, act: () => unknown): Promise<void> {
    const { reached, release } = relay.holdFinalDot(worker);
    try {
      await Promise.race([reached, wait(FINAL_DOT_TIMEOUT_MS)]);
      await act();
    } finally {
      release();
    }
  }

  /** Kills the worker when the reply is in the ledger and Temporal is out of reach. */
  async function afterTheReply({ name, stop }: ServiceSlot): Promise<void> {
    const link = proxies.get(`${name}→temporal`);
    await atTheFinalDot(name, () => link?.blackhole());
    await wait(SETTLED_AFTER_MS);
    await stop('SIGKILL').finally(() => link?.restore());
  }

  const downFor = (down: Promise<unknown>, forMs: number, start: () => Promise<unknown>) =>
    down.then(() => wait(forMs)).then(start);

  const api = (slot: ServiceSlot): Injectors => ({
    kill: (forMs) => downFor(slot.stop('SIGKILL'), forMs, slot.start),
    restart: (forMs) => downFor(slot.stop('SIGTERM'), forMs, slot.start),
    stop: freeze(() => slot.current()?.pid),
  });
  const worker = (slot: ServiceSlot): Injectors => ({
    ...api(slot),
    'kill at the final dot': (forMs) =>
      downFor(
        atTheFinalDot(slot.name, () => slot.stop('SIGKILL')),
        forMs,
        slot.start,
      ),
    'kill after the reply': (forMs) => downFor(afterTheReply(slot), forMs, slot.start),
    'stop at the final dot': (forMs) =>
      atTheFinalDot(slot.name, () => freeze(() => slot.current()?.pid)(forMs)),
  });
  const server = (part: Controls & { pid: number }): Injectors => {
    const start = () => retryUntilDone(clock, () => part.start());
    return {
      kill: (forMs) => downFor(part.kill(), forMs, start),
      'kill at the final dot': (forMs) =>
        downFor(
          atTheFinalDot('worker-1', () => part.kill()),
          forMs,
          start,
        ),
      restart: (forMs) => downFor(part.stop(), forMs, start),
      stop: freeze(() => part.pid),
    };
  };
  const connection = (link: TcpProxy): Injectors => ({
    cut: (forMs) => (link.cut(), wait(forMs).finally(link.restore)),
    blackhole: (forMs) => (link.blackhole(), wait(forMs).finally(link.restore)),
  });
  const failing =
    (fault: Parameters<typeof provider.fail>[0]): Injector =>
    (forMs) => {
      const { release } = provider.fail(fault);
      return wait(forMs).finally(release);
    };

  const targets: Record<string, Injectors> = {
    temporal: server(temporal),
    ...(temporal.postgres && { 'temporal-postgres': server(temporal.postgres) }),
    postgres: server(postgres),
    relay: { kill: (forMs) => downFor(relay.stop(), forMs, relay.start) },
    provider: {
      500: failing({ status: 500 }),
      503: failing({ status: 503 }),
      429: failing({ status: 429, retryAfter: 2 }),
      slow: (forMs) => (provider.delay(4_000), wait(forMs).finally(() => provider.delay(0))),
    },
    ...Object.fromEntries(
      [...slots].map(([name, slot]) => [name, name.startsWith('api') ? api(slot) : worker(slot)]),
    ),
    ...Object.fromEntries([...proxies].map(([name, link]) => [name, connection(link)])),
  };

  return async ({ target, what, forMs }: PlannedFault): Promise<void> => {
    const inject = targets[target]?.[what];
    if (!inject) throw new Error(`there is no fault ${what} for ${target}`);
    await inject(forMs);
  };
}
