import type { DayCount, StateCount } from '../../../operator/ledger-reader';
import { type FilterTexts, hasFilter, pathWith } from '../list-query';
import { DayChart } from '../parts/day-chart';
import { StateBadge } from '../parts/state-badge';

interface OverviewProps {
  /** Undefined: not known in time. */
  counts?: StateCount[];
  days?: DayCount[];
  filter: FilterTexts;
  now: Date;
}

/** What stands beside the list, and comes after it. */
export function OverviewView({ counts, days, filter, now }: OverviewProps) {
  return (
    <aside aria-label="Overview">
      <section class="card" aria-labelledby="counts">
        <h2 id="counts">{hasFilter(filter) ? 'How many match' : 'How many there are'}</h2>
        {counts ? <Counts counts={counts} filter={filter} /> : <Missing />}
      </section>
      <section class="card" aria-labelledby="days">
        <h2 id="days">The last 14 days</h2>
        {days ? <DayChart days={days} now={now} /> : <Missing />}
      </section>
    </aside>
  );
}

const Missing = () => <p class="quiet-text">Counting took too long. The list is complete.</p>;

function Counts({ counts, filter }: { counts: StateCount[]; filter: FilterTexts }) {
  if (counts.length === 0) return <p class="quiet-text">None.</p>;
  return (
    <table class="counts">
      <thead class="hidden">
        <tr>
          <th scope="col">State</th>
          <th scope="col">Notifications</th>
        </tr>
      </thead>
      <tbody>
        {counts.map(({ state, reason, count, isCapped }) => (
          <tr>
            <th scope="row">
              <a href={pathWith('/', { ...filter, state, reason })}>
                <StateBadge state={state} reason={reason} />
              </a>
            </th>
            <td class="number">{`${count.toLocaleString('en')}${isCapped ? '+' : ''}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
