import type { ContenderName } from '../contenders/contender';
import type { Series } from '../measure/series';
import { numberText } from './number-text';
import { alignedTable } from './table';

type Value = [figure: string, contender: ContenderName];

interface Target {
  what: string;
  atLeast?: number;
  atMost?: number;
  value: Value;
  /** The target applies to the ratio to this value of the same run. */
  over?: Value;
}

const RATE = 'notifications/s';
const ACKS = 'acknowledgements/s';
const ACK_P99 = 'acknowledgement ms: p99';
const CPU = 'CPU ms: our processes';
const CPU_PLAIN = 'CPU ms a mail in plain text: worker';
const CPU_STARTTLS = 'CPU ms a mail over STARTTLS: worker';
const FAR_P50 = 'webhook to 250, relay 20 ms away, ms: p50';
const LIMITED = 'ours, rate limit';

const targets: Target[] = [
  ratio('rate, without a limit ÷ floor', { atLeast: 1.15 }, [RATE, 'ours'], [RATE, 'floor']),
  ratio('rate, with a limit ÷ floor', { atLeast: 0.95 }, [RATE, LIMITED], [RATE, 'floor']),
  ratio(
    'rate, with a limit ÷ floor with it',
    { atLeast: 0.95 },
    [RATE, LIMITED],
    [RATE, 'floor, rate limit'],
  ),
  ratio('rate, with a limit ÷ naive', { atLeast: 1.6 }, [RATE, LIMITED], [RATE, 'naive']),
  ratio(
    'rate, with a limit ÷ naive with it',
    { atLeast: 1.6 },
    [RATE, LIMITED],
    [RATE, 'naive, rate limit'],
  ),
  ratio('rate, without a limit ÷ baseline', { atLeast: 2 }, [RATE, 'ours'], [RATE, 'baseline']),
  ratio(
    'rate, with a limit ÷ baseline with it',
    { atLeast: 2 },
    [RATE, LIMITED],
    [RATE, 'baseline, rate limit'],
  ),
  ratio('CPU of our processes ÷ floor', { atMost: 1.5 }, [CPU, 'ours'], [CPU, 'floor']),
  ratio('CPU with a limit ÷ floor', { atMost: 1.5 }, [CPU, LIMITED], [CPU, 'floor']),
  ratio(
    'worker CPU a mail, STARTTLS ÷ plain',
    { atMost: 1.1 },
    [CPU_STARTTLS, 'ours'],
    [CPU_PLAIN, 'ours'],
  ),
  ratio(
    'worker CPU a mail, STARTTLS ÷ plain baseline',
    { atMost: 0.7 },
    [CPU_STARTTLS, 'ours'],
    [CPU_PLAIN, 'baseline'],
  ),
  ratio(
    'relay 20 ms away: webhook to 250, p50 ÷ baseline',
    { atMost: 0.55 },
    [FAR_P50, 'ours'],
    [FAR_P50, 'baseline'],
  ),
  {
    what: 'relay 20 ms away, 20/s: handshakes a mail',
    atMost: 0.1,
    value: ['handshakes a mail, relay 20 ms away, 20/s', 'ours'],
  },
  ratio(
    'acknowledgements/s ÷ bare, our start',
    { atLeast: 0.93 },
    [ACKS, 'ours'],
    [ACKS, 'bare, our start'],
  ),
  ratio(
    'acknowledgement p99 ÷ bare, our start',
    { atMost: 1.1 },
    [ACK_P99, 'ours'],
    [ACK_P99, 'bare, our start'],
  ),
  ratio(
    'acknowledgement p99, relay of 1 s ÷ 0 s',
    { atMost: 1.2 },
    ['acknowledgement ms, relay of 1 s: p99', 'ours'],
    ['acknowledgement ms, relay of 0 s: p99', 'ours'],
  ),
  {
    what: "another user's longest delay by a burst, s",
    atMost: 5,
    value: ["another user's longest delay by a burst, s", LIMITED],
  },
  {
    what: 'delay of a mail by look-ups that wait, s',
    atMost: 1,
    value: ['delay of a mail by look-ups that wait, s', LIMITED],
  },
  { what: 'history events, without a limit', atMost: 6, value: ['history events', 'ours'] },
  { what: 'billable actions, without a limit', atMost: 2, value: ['billable actions', 'ours'] },
  { what: 'history events, with a limit', atMost: 12, value: ['history events', LIMITED] },
  { what: 'billable actions, with a limit', atMost: 3, value: ['billable actions', LIMITED] },
  {
    what: 'history events, with a window',
    atMost: 12,
    value: ['history events, with a window', 'ours'],
  },
  {
    what: 'billable actions, with a window',
    atMost: 4,
    value: ['billable actions, with a window', 'ours'],
  },
  {
    what: 'history events, with limit and window',
    atMost: 18,
    value: ['history events, with a window', LIMITED],
  },
  {
    what: 'billable actions, with limit and window',
    atMost: 5,
    value: ['billable actions, with a window', LIMITED],
  },
  ratio(
    '10,000 jobs: CPU ÷ HMAC, decode, JSON.parse',
    { atMost: 1.3 },
    ['10,000 jobs, CPU ms: API', 'ours'],
    ['10,000 jobs, CPU ms: HMAC, decode, JSON.parse', 'ours'],
  ),
  {
    what: '10,000 jobs: longest stall, ms',
    atMost: 60,
    value: ['10,000 jobs, longest stall, ms: API', 'ours'],
  },
  {
    what: 'worker MB, more with 10,000 waiting',
    atMost: 212,
    value: ['memory MB: worker, more with 10000 waiting', 'ours'],
  },
  {
    what: 'operator: slowest p99, ms',
    atMost: 100,
    value: ['operator, ms: slowest p99', 'ours'],
  },
];

function ratio(
  what: string,
  bound: Pick<Target, 'atLeast' | 'atMost'>,
  value: Value,
  over: Value,
): Target {
  return { what, ...bound, value, over };
}

/** Each target with the measured value; targets that were not measured are omitted. */
export function toTargetTable(series: Series): string {
  const lines = targets.flatMap((target) => {
    const measured = measuredOf(series, target);
    if (measured === undefined) return [];
    const { what, atLeast, atMost } = target;
    const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    const reached = measured >= (atLeast ?? -Infinity) && measured <= (atMost ?? Infinity);
    return [[what, bound, numberText(measured), reached ? 'yes' : '**no**']];
  });
  return alignedTable(['target', 'bound', 'measured', 'reached'], lines);
}

function measuredOf(series: Series, { value, over }: Target): number | undefined {
  const median = (of: Value) => series.summary(...of)?.median;
  const base = over ? median(over) : 1;
  const measured = median(value);
  return measured === undefined || base === undefined ? undefined : measured / base;
}
