import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflowBundle } from '../support/workflow-worker';

/**
 * Histories of real runs, by `temporal workflow show --workflow-id … --output json`. A history that
 * stops replaying belongs to a run that would hang after a deployment: tell the runs apart by an
 * argument of their start (`startOptions`; why not by `patched`: docs/architecture.md), keep the file.
 */
const DIRECTORY = join(__dirname, '../histories');

interface RecordedHistory {
  events: { workflowExecutionStartedEventAttributes?: { workflowId: string } }[];
}

describe('a recorded history', () => {
  it.each(readdirSync(DIRECTORY))('%s replays', async (file) => {
    const history = read(file);

    const replayed = Worker.runReplayHistory({ workflowBundle }, history, workflowIdOf(history));

    await expect(replayed).resolves.toBeUndefined();
  });

  it('that asks for another activity does not', async () => {
    const text = JSON.stringify(read('v1-sent.json')).replaceAll('"sendMail"', '"sendFax"');
    const history = JSON.parse(text) as RecordedHistory;

    const replayed = Worker.runReplayHistory({ workflowBundle }, history, workflowIdOf(history));

    await expect(replayed).rejects.toThrow(DeterminismViolationError);
  });
});

function read(file: string): RecordedHistory {
  return JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as RecordedHistory;
}

function workflowIdOf({ events }: RecordedHistory): string {
  const id = events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (!id) throw new Error('a history begins with the start of its run');
  return id;
}
