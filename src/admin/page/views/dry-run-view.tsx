import { randomUUID } from 'node:crypto';
import type { BulkOrder, BulkPreview } from '../../../operator/bulk-resends';
import { count } from '../../../operator/count';
import { type BulkChoice, frozen, rates } from '../bulk-order';
import { pathWith, withoutAddress } from '../list-query';
import { Faults } from '../parts/faults';
import { FilterWords } from '../parts/filter-words';
import { FormToken } from '../parts/form-token';
import { Layout } from '../parts/layout';
import { NotificationTable } from '../parts/notification-table';
import { WhoAndWhy } from '../parts/resend-form';
import type { Session } from '../sessions';

interface DryRunProps {
  session: Session;
  choice: BulkChoice;
  faults: string[];
  /** Absent if the choice has faults. */
  dryRun?: { order: BulkOrder; preview: BulkPreview };
  now: Date;
}

/** What a bulk resend would do, and the form that starts it. */
export function DryRunView({ session, choice, faults, dryRun, now }: DryRunProps) {
  return (
    <Layout title="New bulk resend" session={session} section="/bulk-resends">
      <h1>New bulk resend</h1>
      <Faults faults={faults} />
      {dryRun ? (
        <DryRun session={session} {...dryRun} now={now} />
      ) : (
        <p>
          <a href={pathWith('/', withoutAddress(choice.filter))}>
            Choose notifications by a filter first
          </a>
        </p>
      )}
    </Layout>
  );
}

interface ShownProps {
  session: Session;
  order: BulkOrder;
  preview: BulkPreview;
  now: Date;
}

function DryRun({ session, order, preview, now }: ShownProps) {
  const { sample } = preview;
  return (
    <>
      <section class="card" aria-labelledby="selection">
        <h2 id="selection">Dry run: nothing has been sent</h2>
        <p class="sentence">
          <strong>{countOf(preview)}</strong> would be resent.
        </p>
        <LeftAlone {...preview.leftAlone} />
        <FilterWords filter={order.filter} />
        <Options order={order} />
      </section>
      {sample.length > 0 && (
        <>
          <h2>The first {sample.length} of them</h2>
          <NotificationTable caption="Sample" notifications={sample} now={now} />
        </>
      )}
      {(preview.count > 0 || preview.isCapped) && (
        <Confirmation session={session} order={order} preview={preview} />
      )}
    </>
  );
}

const countOf = (preview: BulkPreview) =>
  `${preview.isCapped ? 'At least ' : ''}${count(preview.count, 'notification')}`;

function LeftAlone(leftAlone: BulkPreview['leftAlone']) {
  const { alreadySent, isAlreadySentCapped, uncertain, isUncertainCapped } = leftAlone;
  if (alreadySent + uncertain === 0) return null;
  return (
    <p>
      Left alone: {isAlreadySentCapped && 'at least '}
      {alreadySent.toLocaleString('en')} whose mail was accepted, {isUncertainCapped && 'at least '}
      {uncertain.toLocaleString('en')} whose mail may have been.
    </p>
  );
}

/** Changes the dry run: a GET, since it sends nothing. */
function Options({ order }: { order: BulkOrder }) {
  return (
    <form class="fields" method="get" action="/bulk-resends/new">
      <Hidden fields={frozen(order)} />
      <p>
        <label for="rate">Mails a second, at most</label>
        <select id="rate" name="rate">
          {rates.map((rate) => (
            <option value={rate} selected={rate === order.ratePerSecond}>
              {rate}
            </option>
          ))}
        </select>
      </p>
      <div class="check">
        <input
          type="checkbox"
          id="include_sent"
          name="include_sent"
          value="yes"
          checked={order.includeSent}
        />
        <label for="include_sent">
          Also those whose mail was accepted, or may have been: these people get it twice
        </label>
      </div>
      <div>
        <button>Count again</button>
      </div>
    </form>
  );
}

/** A request ID of its own, so that a form that is sent twice starts one bulk resend. */
function Confirmation({ session, order, preview }: Omit<ShownProps, 'now'>) {
  const { includeSent, ratePerSecond } = order;
  return (
    <section class="card" aria-labelledby="confirm">
      <h2 id="confirm">Start it</h2>
      <form class="fields" method="post" action="/bulk-resends">
        <FormToken session={session} />
        <Hidden fields={frozen(order)} />
        <Hidden
          fields={{
            include_sent: includeSent ? 'yes' : 'no',
            rate: String(ratePerSecond),
            request_id: randomUUID(),
          }}
        />
        <WhoAndWhy />
        <div class="check">
          <input type="checkbox" id="confirmed" name="confirmed" value="yes" required />
          <label for="confirmed">{countOf(preview)}: yes, resend them</label>
        </div>
        <div>
          <button class="primary">Start the bulk resend</button>
        </div>
      </form>
    </section>
  );
}

function Hidden({ fields }: { fields: Record<string, string> }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}
