export const PARTS = [
  'configuration',
  'relay',
  'dns',
  'temporal',
  'database',
  'provider',
  'webhook',
] as const;

export type Part = (typeof PARTS)[number];

/** In the order in which one hides another. `skipped`: could not be judged, or was not asked for. */
const STATUSES = ['skipped', 'ok', 'warning', 'failure'] as const;

export type Status = (typeof STATUSES)[number];

/** How a check came out. */
export interface Judgement {
  status: Status;
  /** What was found, without secrets and without addresses of people. */
  what: string;
  why?: string;
  /** What to do, with the name of the variable to change if there is one. */
  remedy?: string;
}

export interface Finding extends Judgement {
  part: Part;
  check: string;
  ms: number;
}

type Trouble = Required<Omit<Judgement, 'status'>>;

export const ok = (what: string): Judgement => ({ status: 'ok', what });
export const skipped = (what: string, remedy?: string): Judgement => ({
  status: 'skipped',
  what,
  ...(remedy && { remedy }),
});
export const warning = (trouble: Trouble): Judgement => ({ status: 'warning', ...trouble });
export const failure = (trouble: Trouble): Judgement => ({ status: 'failure', ...trouble });

export function worstOf(statuses: readonly Status[]): Status {
  return STATUSES.findLast((status) => statuses.includes(status)) ?? 'skipped';
}
