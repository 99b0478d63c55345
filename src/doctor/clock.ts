import { type Judgement, ok, skipped, warning } from './finding';

const DIFFERENCE_MAX_MS = 5_000;

/** `ahead` is the other clock minus ours. */
export function judgeClock(ahead: number | undefined, whose: string): Judgement {
  if (ahead === undefined) return skipped(`the clock of ${whose} cannot be read`);
  const seconds = (Math.abs(ahead) / 1_000).toFixed(1);
  if (Math.abs(ahead) <= DIFFERENCE_MAX_MS) return ok(`${whose} and this machine agree`);
  return warning({
    what: `the clock of ${whose} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`,
    why: 'Dates of emails, delays and certificates are judged by clocks.',
    remedy: 'Let both machines keep their time by NTP.',
  });
}
