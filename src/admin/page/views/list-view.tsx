import type { NotificationPage } from '../../../operator/ledger-reader';
import { type FilterTexts, hasFilter, pathWith } from '../list-query';
import { Faults } from '../parts/faults';
import { FilterForm } from '../parts/filter-form';
import { Instant } from '../parts/instant';
import { Later } from '../parts/later';
import { Layout } from '../parts/layout';
import { NotificationTable } from '../parts/notification-table';
import type { Session } from '../sessions';

interface ListProps {
  session: Session;
  filter: FilterTexts;
  faults: string[];
  /** Absent if the filter has faults. */
  page?: NotificationPage;
  /** Whether there are newer ones than those of the page. */
  isContinued: boolean;
  now: Date;
}

export function ListView({ session, filter, faults, page, isContinued, now }: ListProps) {
  return (
    <Layout title="Notifications" session={session} section="/">
      <h1>Notifications</h1>
      <FilterForm filter={filter} />
      <Faults faults={faults} />
      <div class="columns">
        <section aria-labelledby="list">
          <h2 id="list">{isContinued ? 'Older ones' : 'Newest first'}</h2>
          {page && <Found page={page} now={now} />}
          {page && <Pages page={page} filter={filter} isContinued={isContinued} />}
        </section>
        {page && <Later />}
      </div>
    </Layout>
  );
}

function Found({ page: { notifications }, now }: { page: NotificationPage; now: Date }) {
  if (notifications.length === 0) return <p class="empty">No notification matches.</p>;
  return <NotificationTable caption="Notifications" notifications={notifications} now={now} />;
}

interface PagesProps {
  page: NotificationPage;
  filter: FilterTexts;
  isContinued: boolean;
}

function Pages({ page: { nextCursor, searchedTo }, filter, isContinued }: PagesProps) {
  return (
    <nav class="pages" aria-label="Pages">
      {isContinued && <a href={pathWith('/', filter)}>Newest</a>}
      {searchedTo && (
        <span>
          Searched back to <Instant at={searchedTo} /> UTC.
        </span>
      )}
      {nextCursor && (
        <a href={pathWith('/', { ...filter, cursor: nextCursor })} rel="next">
          {searchedTo ? 'Search further back' : 'Older'}
        </a>
      )}
      {hasFilter(filter) && (
        <a class="action" href={pathWith('/bulk-resends/new', filter)}>
          Resend all that match …
        </a>
      )}
    </nav>
  );
}
