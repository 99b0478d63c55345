import { parseWorkflowId, workflowId } from '../../../workflows/core/workflow-id';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';

describe('workflowId', () => {
  it.each(['completed', 'failed'] as const)('names the task and the outcome %s', (outcome) => {
    const id = workflowId(TASK_ID, outcome);

    expect(id).toBe(`bulk_upload_notification:${TASK_ID}:${outcome}`);
  });
});

describe('parseWorkflowId', () => {
  it.each(['completed', 'failed'] as const)('is the inverse for the outcome %s', (outcome) => {
    const id = workflowId(TASK_ID, outcome);

    const parsed = parseWorkflowId(id);

    expect(parsed).toEqual({ taskId: TASK_ID, outcome });
  });

  it.each([
    ['an empty ID', ''],
    ['another workflow', 'temporal-sys-scheduler'],
    ['a prefix that is longer', `x${workflowId(TASK_ID, 'failed')}`],
    ['an outcome that there is not', `bulk_upload_notification:${TASK_ID}:unknown`],
    ['no outcome', `bulk_upload_notification:${TASK_ID}`],
    ['more after the outcome', `${workflowId(TASK_ID, 'failed')}:1`],
    ['a line end after the outcome', `${workflowId(TASK_ID, 'failed')}\n`],
    ['a task ID in capitals', workflowId(TASK_ID.toUpperCase(), 'failed')],
    ['a task ID that is none', workflowId('../x', 'failed')],
  ])('knows no task of %s', (_what, id) => {
    const parsed = parseWorkflowId(id);

    expect(parsed).toBeUndefined();
  });
});
