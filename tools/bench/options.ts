import { parseArgs } from 'node:util';
import { contenderNames } from './contenders/contender';
import { rows } from './rows/rows';

export type Options = ReturnType<typeof parseOptions>;

export const usage = `Usage: npm run bench -- [options]

Measures the service against simpler designs, round by round, and prints medians and spread.

  --cluster         on the real Temporal server and Postgres, instead of the dev server
  --plain           mail in plain text; by default over STARTTLS, as in production
  --rounds N        rounds of all contenders (default 3)
  --runs N          notifications a measurement (default 300)
  --waiting N       notifications that wait for the relay in the row "memory", and for the provider
                    in the row "provider-outage" (default 10000)
  --burst N         mails of one user in the row "burst" (default 2000)
  --ledger N        notifications in the ledger in the row "operator" (default 1000000)
  --quick           a smoke run: one round of few notifications
  --rows A,B        only these: ${rows.map(({ key }) => key).join(', ')}
                    (only if it is named: operator)
  --contenders A,B  only these: ${contenderNames.join(' · ')}
  --baseline DIR    a built checkout of another commit, measured in turns with this one
  --compare FILE    an earlier run's --json, printed beside this run
  --json FILE       every figure of every round
  --svg FILE        a chart
`;

const FULL = { rounds: 3, runs: 300, waiting: 10_000, burst: 2_000, ledger: 1_000_000 };
const QUICK = { rounds: 1, runs: 20, waiting: 50, burst: 40, ledger: 1_000 };

export function parseOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      cluster: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      runs: { type: 'string' },
      waiting: { type: 'string' },
      burst: { type: 'string' },
      ledger: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      contenders: { type: 'string' },
      baseline: { type: 'string' },
      compare: { type: 'string' },
      json: { type: 'string' },
      svg: { type: 'string' },
    },
  });
  const defaults = values.quick ? QUICK : FULL;
  const count = (name: keyof typeof FULL) => wholeNumber(name, values[name], defaults[name]);
  return {
    ...values,
    rounds: count('rounds'),
    runs: count('runs'),
    waiting: count('waiting'),
    burst: count('burst'),
    ledger: count('ledger'),
    rows: chosen('rows', values.rows, rows, ({ key }) => key).filter(
      ({ byName }) => !byName || values.rows !== undefined,
    ),
    contenders: chosen('contenders', values.contenders, contenderNames, (name) => name),
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} must be a whole number above 0`);
}

/** In the order of `all`. Names are separated by commas; a comma before a space belongs to a name. */
function chosen<T>(
  option: string,
  text: string | undefined,
  all: readonly T[],
  nameOf: (it: T) => string,
): readonly T[] {
  if (text === undefined) return all;
  const names = text.split(/,(?! )/);
  const unknown = names.filter((name) => !all.some((it) => nameOf(it) === name));
  if (unknown.length > 0) throw new Error(`--${option}: there is no ${unknown.join(', ')}`);
  return all.filter((it) => names.includes(nameOf(it)));
}
