import type { NotificationFilter } from '../../../operator/notification-filter';
import { Fact, Facts } from './facts';
import { HostileText } from './hostile-text';
import { inWords } from './in-words';
import { Instant } from './instant';

/** A filter as a person reads it. */
export function FilterWords({ filter }: { filter: NotificationFilter }) {
  const { state, reason, outcome, userId, fileName, createdFrom, createdTo } = filter;
  return (
    <Facts>
      <Fact name="State">{state && inWords(state)}</Fact>
      <Fact name="Parked because">{reason && inWords(reason)}</Fact>
      <Fact name="Upload">{outcome}</Fact>
      <Fact name="File name contains">{fileName && <HostileText text={fileName} />}</Fact>
      <Fact name="User ID">{userId && <HostileText text={userId} />}</Fact>
      <Fact name="Created from (UTC)">{createdFrom && <Instant at={createdFrom} />}</Fact>
      <Fact name="Created before (UTC)">{createdTo && <Instant at={createdTo} />}</Fact>
    </Facts>
  );
}
