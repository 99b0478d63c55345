import type { ObservedFault } from '../judge/observations';
import type { PlannedFault } from '../plan/fault-plan';
import type { Clock } from './clock';

/** Plays the faults of each target one after the other; resolves when all are repaired. */
export async function playFaults(
  planned: PlannedFault[],
  {
    clock,
    inject,
    log,
  }: { clock: Clock; inject: (fault: PlannedFault) => Promise<void>; log: ObservedFault[] },
): Promise<void> {
  const targets = new Map<string, PlannedFault[]>();
  for (const fault of planned)
    targets.set(fault.target, [...(targets.get(fault.target) ?? []), fault]);
  await Promise.all(
    [...targets.values()].map(async (faults) => {
      for (const fault of faults) {
        await clock.until(fault.atMs);
        const { target, what } = fault;
        const entry: ObservedFault = { at: Date.now(), until: Infinity, target, what };
        log.push(entry);
        await inject(fault);
        entry.until = Date.now();
      }
    }),
  );
}
