import type { UncertainPolicy } from '../../../activities/send/send-policy';
import type { Account } from './reconcile';
import type { ObservedFault } from './observations';

export interface Row {
  policy: UncertainPolicy;
  seed: string;
  minutes: number;
  account: Account;
  faults: Pick<ObservedFault, 'target' | 'what'>[];
  /** How often each SMTP dialogue was broken. */
  dialogues: Record<string, number>;
}

const COLUMNS: Record<string, (row: Row) => string | number> = {
  policy: ({ policy }) => policy,
  seed: ({ seed }) => seed,
  minutes: ({ minutes }) => minutes,
  faults: ({ faults, dialogues }) => faults.length + sum(Object.values(dialogues)),
  accepted: ({ account }) => account.accepted,
  expected: ({ account }) => account.expected,
  mailed: ({ account }) => account.fates.mailed,
  lost: ({ account }) => account.fates.lost,
  doubled: ({ account }) => account.doubled,
  'doubled, recorded': ({ account }) => account.doubledButRecorded,
  'assumed sent': ({ account }) => account.fates['assumed sent'],
  'parked: recipient_missing': ({ account }) => account.fates['parked: recipient_missing'],
  'parked: refused': ({ account }) => account.fates['parked: refused'],
  'parked: uncertain': ({ account }) => account.fates['parked: uncertain'],
  'uncertain, at the relay': ({ account }) => account.uncertainButMailed,
};

/** A Markdown table with one row per policy. */
export function table(rows: Row[]): string {
  const lines = [
    Object.keys(COLUMNS),
    Object.keys(COLUMNS).map(() => '---'),
    ...rows.map((row) => Object.values(COLUMNS).map((column) => String(column(row)))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Number of faults by part and kind. */
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
