import { type BulkItemResult, bulkItemResults } from '../../../../workflows/core/bulk-request';
import { parseWorkflowId } from '../../../../workflows/core/workflow-id';
import type { BulkItem, BulkItemPage } from '../../../operator/bulk-reports';
import type { BulkStatus } from '../../../operator/bulk-resends';
import { pathWith } from '../list-query';
import { BulkProgress } from '../parts/bulk-progress';
import { bulkPath } from '../parts/bulk-path';
import { BulkStateBadge } from '../parts/bulk-state-badge';
import { Fact, Facts } from '../parts/facts';
import { FilterWords } from '../parts/filter-words';
import { FormToken } from '../parts/form-token';
import { HostileText } from '../parts/hostile-text';
import { inWords } from '../parts/in-words';
import { Instant } from '../parts/instant';
import { Layout } from '../parts/layout';
import { notificationPath } from '../parts/notification-path';
import type { Session } from '../sessions';

interface BulkProps {
  session: Session;
  bulk: BulkStatus;
  report: BulkItemPage;
  /** Only items with this result are shown. */
  result?: BulkItemResult;
  /** Whether the browser asks again by itself. */
  isRefreshed: boolean;
  now: Date;
}

/** The progress of a bulk resend, and its report. */
export function BulkView({ session, bulk, report, result, isRefreshed, now }: BulkProps) {
  const path = bulkPath(bulk.bulkId);
  const isRunning = bulk.state === 'running';
  return (
    <Layout title="Bulk resend" session={session} section="/bulk-resends">
      <h1>Bulk resend</h1>
      <section class="card lead" aria-labelledby="progress">
        <h2 id="progress" class="hidden">
          Progress
        </h2>
        <p>
          <BulkStateBadge state={bulk.state} />
        </p>
        <BulkProgress bulk={bulk} />
        {bulk.run?.failure && (
          <blockquote class="reply" aria-label="Why it does not go on">
            <HostileText text={bulk.run.failure} />
          </blockquote>
        )}
        {isRunning && <Refreshing path={path} isRefreshed={isRefreshed} />}
        {isRunning && (
          <form method="post" action={`${path}/cancel`}>
            <FormToken session={session} />
            <button class="danger">Cancel</button>
            <span class="hint">
              {' '}
              It stops before the next mail. The same request again goes on.
            </span>
          </form>
        )}
      </section>
      <div class="columns">
        <section aria-labelledby="report">
          <h2 id="report">Report</h2>
          <Results path={path} counts={bulk.counts} result={result} />
          <Items items={report.items} />
          {report.nextCursor && (
            <nav class="pages" aria-label="Pages">
              <a href={pathWith(path, { result, cursor: report.nextCursor })} rel="next">
                More
              </a>
            </nav>
          )}
        </section>
        <section class="card" aria-labelledby="facts">
          <h2 id="facts">Facts</h2>
          <BulkFacts bulk={bulk} now={now} />
        </section>
      </div>
    </Layout>
  );
}

function Refreshing({ path, isRefreshed }: { path: string; isRefreshed: boolean }) {
  return (
    <p class="quiet-text">
      {isRefreshed ? 'This page asks again every five seconds. ' : 'This page stands still. '}
      <a href={isRefreshed ? `${path}?refresh=off` : path}>
        {isRefreshed ? 'Stop that' : 'Follow'}
      </a>
    </p>
  );
}

interface ResultsProps {
  path: string;
  counts: BulkStatus['counts'];
  result?: BulkItemResult;
}

function Results({ path, counts, result }: ResultsProps) {
  const results = [undefined, ...bulkItemResults.filter((name) => counts[name] > 0)];
  return (
    <nav aria-label="Results">
      <ul class="tabs">
        {results.map((name) => (
          <li>
            <a
              href={pathWith(path, { result: name })}
              aria-current={name === result ? 'true' : undefined}
            >
              {name ? `${inWords(name)} (${counts[name].toLocaleString('en')})` : 'all'}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Items({ items }: { items: BulkItem[] }) {
  if (items.length === 0) return <p class="empty">None so far.</p>;
  return (
    <div class="scroll" role="region" aria-label="Items" tabIndex={0}>
      <table>
        <caption class="hidden">Items</caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Upload</th>
            <th scope="col">Result</th>
            <th scope="col">Became of it</th>
            <th scope="col">At (UTC)</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Item key={item.eventId} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Item({ item: { eventId, result, becameOf, at } }: { item: BulkItem }) {
  const notification = parseWorkflowId(eventId);
  return (
    <tr>
      <th scope="row" class="id">
        {notification && <a href={notificationPath(notification)}>{notification.taskId}</a>}
      </th>
      <td>{notification?.outcome}</td>
      <td>
        <span class={`badge ${result}`}>{inWords(result)}</span>
      </td>
      <td>{becameOf && <span class={`badge ${becameOf}`}>{becameOf}</span>}</td>
      <td>
        <Instant at={at} />
      </td>
    </tr>
  );
}

function BulkFacts({ bulk, now }: { bulk: BulkStatus; now: Date }) {
  const { requestedBy, reason, ratePerSecond, includeSent, startedAt, finishedAt } = bulk;
  return (
    <>
      <Facts>
        <Fact name="By">{requestedBy && <HostileText text={requestedBy} />}</Fact>
        <Fact name="Reason">{reason && <HostileText text={reason} />}</Fact>
        <Fact name="Started (UTC)">
          <Instant at={startedAt} now={now} />
        </Fact>
        <Fact name="Ended (UTC)">{finishedAt && <Instant at={finishedAt} now={now} />}</Fact>
        <Fact name="Mails a second, at most">{ratePerSecond}</Fact>
        <Fact name="Accepted mails">{includeSent ? 'sent again' : 'left alone'}</Fact>
      </Facts>
      <h3>Filter</h3>
      <FilterWords filter={bulk.filter} />
      <Facts>
        <Fact name="ID">
          <code class="whole">{bulk.bulkId}</code>
        </Fact>
      </Facts>
      {bulk.runUrl && (
        <p>
          <a href={bulk.runUrl} rel="noreferrer">
            Run in the Temporal UI
          </a>
        </p>
      )}
    </>
  );
}
