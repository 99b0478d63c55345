import type { BulkState } from '../../../operator/bulk-reports';

const SIGNS: Record<BulkState, string> = {
  running: '➤',
  completed: '✓',
  cancelled: '–',
  failed: '!',
};

export function BulkStateBadge({ state }: { state: BulkState }) {
  return (
    <span class={`badge bulk-${state}`}>
      <span aria-hidden="true" class="sign">
        {SIGNS[state]}
      </span>
      {state}
    </span>
  );
}
