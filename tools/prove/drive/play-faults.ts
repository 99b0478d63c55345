import type { FaultTruth } from '../judge/truths';
import type { PlannedFault } from '../plan/fault-plan';
import type { Clock } from './clock';

/** Does the faults of each target one after the other; resolves when all is whole again. */
export async function playFaults(
  planned: PlannedFault[],
  {
    clock,
    inject,
    log,
  }: { clock: Clock; inject: (fault: PlannedFault) => Promise<void>; log: FaultTruth[] },
): Promise<void> {
  const targets = new Map<string, PlannedFault[]>();
  for (const fault of planned)
    targets.set(fault.target, [...(targets.get(fault.target) ?? []), fault]);
  await Promise.all(
    [...targets.values()].map(async (faults) => {
      for (const fault of faults) {
        await clock.until(fault.atMs);
        const { target, what } = fault;
        const entry: FaultTruth = { at: Date.now(), until: Infinity, target, what };
        log.push(entry);
        await inject(fault);
        entry.until = Date.now();
      }
    }),
  );
}
