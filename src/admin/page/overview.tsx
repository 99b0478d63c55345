import { renderToString } from 'preact-render-to-string';
import { setTimeout as delay } from 'node:timers/promises';
import type { NotificationFilter } from '../../operator/notification-filter';
import type { FilterTexts } from './list-query';
import type { PageDependencies } from './page-dependencies';
import { CHART_DAYS } from './parts/day-chart';
import { OverviewView } from './views/overview-view';

const COUNT_TIMEOUT_MS = 3_000;

type Dependencies = Pick<PageDependencies, 'search' | 'logger' | 'now'>;

/** Counts and chart. They may take longer than the list, or fail, which the list does not wait for. */
export async function renderOverview(
  { search, logger, now }: Dependencies,
  texts: FilterTexts,
  filter: NotificationFilter,
): Promise<string> {
  const orNothing = <T,>(counting: Promise<T>): Promise<T | undefined> =>
    Promise.race([counting, delay(COUNT_TIMEOUT_MS, undefined, { ref: false })]).catch(
      (err: unknown) => {
        logger.error({ err }, 'admin.counting_failed');
        return undefined;
      },
    );
  const [counts, days] = await Promise.all([
    orNothing(search.count(filter)),
    orNothing(search.countByDay(CHART_DAYS)),
  ]);
  return renderToString(<OverviewView counts={counts} days={days} filter={texts} now={now()} />);
}
