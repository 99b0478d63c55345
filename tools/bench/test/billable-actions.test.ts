import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { billableActions } from '../measure/billable-actions';

const DIRECTORY = join(__dirname, '../../../test/histories');

describe('billableActions', () => {
  it.each([
    // Start, and the markers of one workflow task.
    ['sent.json', 2],
    // The same, and the attempt of the send.
    ['sent-with-rate-limit.json', 3],
    // The markers of one workflow task are one action, and an upsert.
    ['parked.json', 3],
    // The child's own start is in the child's history.
    ['handed-over.json', 4],
    // Two attempts to fetch the task, one of each other step.
    ['provider-outage.json', 6],
    // An operator's reset of the send counts its attempts anew.
    ['relay-outage.json', 3],
    // A signal, and the markers of a second workflow task; the cancelled send shows no attempt.
    ['resend-while-waiting.json', 4],
    // A signal, two timers, a second delivery and the upserts of the state.
    ['resend-in-window.json', 9],
  ])('of %s are %d', (file, expected) => {
    expect(billableActions(recorded(file))).toBe(expected);
  });

  it('counts each attempt of an activity', () => {
    const once = recorded('sent-with-rate-limit.json');
    const thrice = recorded('sent-with-rate-limit.json');
    for (const { activityTaskStartedEventAttributes: started } of thrice.events ?? []) {
      if (started) started.attempt = 3;
    }

    expect(billableActions(thrice) - billableActions(once)).toBe(2);
  });
});

function recorded(file: string) {
  return historyFromJSON(JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')));
}
