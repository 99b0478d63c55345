import type { Outcome } from '../../../../workflows/core/outcome';
import type { DayCount } from '../../../operator/ledger-reader';

const DAY_MS = 24 * 60 * 60 * 1_000;
export const CHART_DAYS = 14;
const OUTCOMES: Outcome[] = ['completed', 'failed'];

const WIDTH = 280;
const HEIGHT = 112;
const TOP = 14;
const BASE = HEIGHT - 16;
const STEP = WIDTH / CHART_DAYS;
const GAP = 4;

type Day = { day: string } & Record<Outcome, number>;

/** Notifications a day (UTC) by outcome: a drawing, and the same as a table. */
export function DayChart({ days, now }: { days: DayCount[]; now: Date }) {
  const all = lastDays(days, now);
  return (
    <>
      <Drawing days={all} />
      <ul class="legend">
        {OUTCOMES.map((outcome) => (
          <li>
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
              <rect class={outcome} width="10" height="10" rx="2" />
            </svg>
            {outcome}
          </li>
        ))}
      </ul>
      <details>
        <summary>As a table</summary>
        <table class="days">
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              {OUTCOMES.map((outcome) => (
                <th scope="col" class="number">
                  {outcome}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((day) => (
              <tr>
                <th scope="row">{day.day}</th>
                {OUTCOMES.map((outcome) => (
                  <td class="number">{day[outcome].toLocaleString('en')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

function Drawing({ days }: { days: Day[] }) {
  const most = Math.max(1, ...days.map(totalOf));
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-labelledby="chart-title chart-desc"
    >
      <title id="chart-title">Notifications a day, by outcome of the upload</title>
      <desc id="chart-desc">{describe(days)}</desc>
      <line class="axis" x1="0" x2={WIDTH} y1={BASE + 0.5} y2={BASE + 0.5} />
      {days.map((day, index) => (
        <Bar key={day.day} day={day} x={index * STEP + GAP / 2} most={most} />
      ))}
      <text x="0" y={TOP - 5}>
        {`most: ${most.toLocaleString('en')}`}
      </text>
      <text x="0" y={HEIGHT - 3}>
        {first.slice(5)}
      </text>
      <text x={WIDTH} y={HEIGHT - 3} text-anchor="end">
        {last.slice(5)}
      </text>
    </svg>
  );
}

/** The failed ones stand on top of the others. */
function Bar({ day, x, most }: { day: Day; x: number; most: number }) {
  const heightOf = (count: number) => ((BASE - TOP) * count) / most;
  const [completed, failed] = [heightOf(day.completed), heightOf(day.failed)];
  const width = STEP - GAP;
  return (
    <>
      <rect class="completed" x={x} y={BASE - completed} width={width} height={completed} />
      <rect class="failed" x={x} y={BASE - completed - failed} width={width} height={failed} />
    </>
  );
}

const totalOf = ({ completed, failed }: Day) => completed + failed;

function describe(days: Day[]): string {
  const sum = (outcome: Outcome) =>
    days.reduce((total, day) => total + day[outcome], 0).toLocaleString('en');
  const [busiest] = [...days].sort((a, b) => totalOf(b) - totalOf(a));
  const most = busiest ? `, most of them on ${busiest.day}` : '';
  return `${sum('completed')} completed and ${sum('failed')} failed in ${days.length} days${most}.`;
}

/** Each of the days, also those without a notification; today is the last. */
function lastDays(counts: DayCount[], now: Date): Day[] {
  return Array.from({ length: CHART_DAYS }, (_, index) => {
    const day = new Date(now.getTime() - (CHART_DAYS - 1 - index) * DAY_MS)
      .toISOString()
      .slice(0, 10);
    const countOf = (outcome: Outcome) =>
      counts.find((count) => count.day === day && count.outcome === outcome)?.count ?? 0;
    return { day, completed: countOf('completed'), failed: countOf('failed') };
  });
}
