import type { Controls } from '../../sandbox/process/child';
import type { PlannedFault } from '../plan/fault-plan';
import type { ServiceSlot } from '../stage/service-slot';
import { signalTree } from '../stage/signal-tree';
import type { Stage } from '../stage/stage';
import type { Wire } from '../../sandbox/wire';
import type { Clock } from './clock';
import { patiently } from './patiently';

/** Breaks something, waits, and repairs it. */
type Injector = (forMs: number) => Promise<unknown>;
/** What can be done to a target. */
type Injectors = Record<string, Injector>;

/** So many milliseconds without a mail, and the fault happens without one. */
const LONGEST_WAIT_MS = 15_000;
/** After so many, a reply is in the ledger. */
const SETTLED_AFTER_MS = 500;

/** How each planned fault is done; resolves when the target works again. */
export function createInjectors(stage: Stage, clock: Clock) {
  const { slots, wires, temporal, postgres, relay, provider } = stage;
  const wait = (ms: number) => clock.wait(ms);
  const freeze = (pid: () => number | undefined) => async (forMs: number) => {
    const frozen = pid();
    if (frozen === undefined) return;
    await signalTree(frozen, 'SIGSTOP');
    await wait(forMs).finally(() => signalTree(frozen, 'SIGCONT'));
  };

  /** When the relay has a message of this worker and has not replied; not for ever if none comes. */
  async function atTheDot(worker: string, act: () => unknown): Promise<void> {
    const { reached, release } = relay.holdDot(worker);
    try {
      await Promise.race([reached, wait(LONGEST_WAIT_MS)]);
      await act();
    } finally {
      release();
    }
  }

  /** When the ledger has the reply and Temporal cannot be told. */
  async function afterTheReply({ name, stop }: ServiceSlot): Promise<void> {
    const link = wires.get(`${name}→temporal`);
    await atTheDot(name, () => link?.mute());
    await wait(SETTLED_AFTER_MS);
    await stop('SIGKILL').finally(() => link?.heal());
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
    'kill at the dot': (forMs) =>
      downFor(
        atTheDot(slot.name, () => slot.stop('SIGKILL')),
        forMs,
        slot.start,
      ),
    'kill after the reply': (forMs) => downFor(afterTheReply(slot), forMs, slot.start),
    'stop at the dot': (forMs) =>
      atTheDot(slot.name, () => freeze(() => slot.current()?.pid)(forMs)),
  });
  const server = (part: Controls & { pid: number }): Injectors => {
    const start = () => patiently(clock, () => part.start());
    return {
      kill: (forMs) => downFor(part.kill(), forMs, start),
      'kill at the dot': (forMs) =>
        downFor(
          atTheDot('worker-1', () => part.kill()),
          forMs,
          start,
        ),
      restart: (forMs) => downFor(part.stop(), forMs, start),
      stop: freeze(() => part.pid),
    };
  };
  const wire = (link: Wire): Injectors => ({
    cut: (forMs) => (link.cut(), wait(forMs).finally(link.heal)),
    mute: (forMs) => (link.mute(), wait(forMs).finally(link.heal)),
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
    ...Object.fromEntries([...wires].map(([name, link]) => [name, wire(link)])),
  };

  return async ({ target, what, forMs }: PlannedFault): Promise<void> => {
    const inject = targets[target]?.[what];
    if (!inject) throw new Error(`nobody knows how to ${what} ${target}`);
    await inject(forMs);
  };
}
