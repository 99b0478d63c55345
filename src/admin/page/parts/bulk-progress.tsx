import { bulkItemResults } from '../../../../workflows/core/bulk-request';
import type { BulkStatus } from '../../../operator/bulk-resends';

/** How far it is, in words and as a bar. */
export function BulkProgress({ bulk }: { bulk: BulkStatus }) {
  const { counts, matched, isMatchedCapped } = bulk;
  const done = bulkItemResults
    .filter((result) => result !== 'pending')
    .reduce((sum, result) => sum + counts[result], 0);
  const words = (count: number) => count.toLocaleString('en');
  const all = matched === undefined ? '' : ` of ${words(matched)}${isMatchedCapped ? '+' : ''}`;
  return (
    <>
      <p class="sentence">
        <strong>
          {words(done)}
          {all}
        </strong>{' '}
        done: {words(counts.requested)} requested, of which {words(counts.sent)} are sent,{' '}
        {words(counts.waiting)} wait and {words(counts.parked)} are parked;{' '}
        {words(counts.already_sent)} had been sent, {words(counts.uncertain)} may have been,{' '}
        {words(counts.failed)} failed.
      </p>
      {matched !== undefined && !isMatchedCapped && matched > 0 && (
        <progress class="bar-of-progress" max={matched} value={done} aria-label="Done">
          {`${words(done)} of ${words(matched)}`}
        </progress>
      )}
    </>
  );
}
