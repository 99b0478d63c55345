import type { Reason } from '../../../../workflows/core/reasons';
import type { NotificationDetail } from '../../../operator/search';
import { inWords } from './in-words';

type State = NotificationDetail['state'];

/** Shape and word, since colour alone tells some people nothing. */
const SIGNS: Record<State, string> = {
  waiting: '◷',
  sending: '➤',
  sent: '✓',
  parked: '!',
  nothing_to_send: '–',
  handed_over: '→',
};

export function StateBadge({ state, reason }: { state: State; reason?: Reason }) {
  return (
    <span class={`badge ${state}`}>
      <span aria-hidden="true" class="sign">
        {SIGNS[state]}
      </span>
      {inWords(state)}
      {reason && <span class="reason">: {inWords(reason)}</span>}
    </span>
  );
}
