import type { BulkSummary } from '../../../operator/bulk-reports';
import { bulkPath } from '../parts/bulk-path';
import { BulkStateBadge } from '../parts/bulk-state-badge';
import { HostileText } from '../parts/hostile-text';
import { Instant } from '../parts/instant';
import { Layout } from '../parts/layout';
import type { Session } from '../sessions';

interface BulkListProps {
  session: Session;
  bulks: BulkSummary[];
  now: Date;
}

export function BulkListView({ session, bulks, now }: BulkListProps) {
  return (
    <Layout title="Bulk resends" session={session} section="/bulk-resends">
      <h1>Bulk resends</h1>
      <p>
        To start one, <a href="/">filter the notifications</a>, then choose “Resend all that match”.
      </p>
      {bulks.length === 0 ? (
        <p class="empty">There has been none.</p>
      ) : (
        <div class="scroll" role="region" aria-label="Bulk resends" tabIndex={0}>
          <table>
            <caption class="hidden">Bulk resends, the newest first</caption>
            <thead>
              <tr>
                <th scope="col">Started (UTC)</th>
                <th scope="col">State</th>
                <th scope="col" class="number">
                  Matched
                </th>
                <th scope="col">By</th>
                <th scope="col">Reason</th>
              </tr>
            </thead>
            <tbody>
              {bulks.map((bulk) => (
                <Row key={bulk.bulkId} bulk={bulk} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Layout>
  );
}

function Row({ bulk, now }: { bulk: BulkSummary; now: Date }) {
  const { bulkId, startedAt, state, matched, isMatchedCapped, requestedBy, reason } = bulk;
  return (
    <tr>
      <th scope="row">
        <a href={bulkPath(bulkId)}>
          <Instant at={startedAt} now={now} />
        </a>
      </th>
      <td>
        <BulkStateBadge state={state} />
      </td>
      <td class="number">
        {matched?.toLocaleString('en')}
        {isMatchedCapped && '+'}
      </td>
      <td>{requestedBy && <HostileText text={requestedBy} />}</td>
      <td>{reason && <HostileText text={reason} />}</td>
    </tr>
  );
}
