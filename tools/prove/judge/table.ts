import type { UncertainPolicy } from '../../../activities/types';
import type { Account } from './reconcile';
import type { FaultTruth } from './truths';

export interface Row {
  policy: UncertainPolicy;
  seed: string;
  minutes: number;
  account: Account;
  faults: Pick<FaultTruth, 'target' | 'what'>[];
  /** Broken dialogues, and how often. */
  dialogues: Record<string, number>;
}

const COLUMNS: Record<string, (row: Row) => string | number> = {
  policy: ({ policy }) => policy,
  seed: ({ seed }) => seed,
  minutes: ({ minutes }) => minutes,
  faults: ({ faults, dialogues }) => faults.length + sum(Object.values(dialogues)),
  accepted: ({ account }) => account.accepted,
  owed: ({ account }) => account.owed,
  mailed: ({ account }) => account.fates.mailed,
  lost: ({ account }) => account.fates.lost,
  doubled: ({ account }) => account.doubled,
  'doubled, recorded as ambiguous': ({ account }) => account.doubledButRecorded,
  'taken for sent': ({ account }) => account.fates['taken for sent'],
  'parked: recipient_missing': ({ account }) => account.fates['parked: recipient_missing'],
  'parked: refused': ({ account }) => account.fates['parked: refused'],
  'parked: uncertain': ({ account }) => account.fates['parked: uncertain'],
  'of the unsure, at the relay': ({ account }) => account.unsureButMailed,
};

/** One line a policy, in Markdown. */
export function table(rows: Row[]): string {
  const lines = [
    Object.keys(COLUMNS),
    Object.keys(COLUMNS).map(() => '---'),
    ...rows.map((row) => Object.values(COLUMNS).map((column) => String(column(row)))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** How often each kind of part was broken in which way. */
export function faultCounts({ faults, dialogues }: Pick<Row, 'faults' | 'dialogues'>): string {
  const counts = new Map<string, number>();
  for (const { target, what } of faults) {
    const name = `${target.replace(/-\d/, '')} ${what}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const smtp = sum(Object.values(dialogues));
  if (smtp > 0) counts.set('dialogue broken', smtp);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(' · ') || 'none';
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
