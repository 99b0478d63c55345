import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { billableActions } from '../measure/billable-actions';

const DIRECTORY = join(__dirname, '../../../test/histories');

describe('billableActions', () => {
  it.each([
    // Start, markers of one workflow task, one attempt, one upsert.
    ['v2-sent.json', 4],
    // The same and the timer.
    ['v2-in-window.json', 5],
    // What patched() upserts is free; two workflow tasks' worth of markers would be two.
    ['v2-parked.json', 3],
    // A signal, and a second round of look-up, send, upserts and timer.
    ['v2-resend-in-window.json', 11],
    // Nothing was attempted yet.
    ['v1-waiting.json', 2],
    // The markers of two workflow tasks, a look-up of three attempts, a send, an upsert.
    ['v1-provider-outage.json', 8],
    // The child's own start is in the child's history.
    ['v1-handed-over.json', 4],
  ])('of %s are %d', (file, expected) => {
    expect(billableActions(recorded(file))).toBe(expected);
  });

  it('counts each attempt of an activity', () => {
    const once = recorded('v2-sent.json');
    const thrice = recorded('v2-sent.json');
    for (const { activityTaskStartedEventAttributes: started } of thrice.events ?? []) {
      if (started) started.attempt = 3;
    }

    expect(billableActions(thrice) - billableActions(once)).toBe(2);
  });
});

function recorded(file: string) {
  return historyFromJSON(JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')));
}
