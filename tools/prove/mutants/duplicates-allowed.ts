import { WorkflowClient } from '@temporalio/client';
import { WorkflowIdReusePolicy } from '@temporalio/common';

type Start = WorkflowClient['start'];

const client = WorkflowClient.prototype as { start: (...args: Parameters<Start>) => unknown };
const { start } = client;

/** The bug: a webhook that is repeated after the end of its run starts another run. */
client.start = function (type, options) {
  const { ALLOW_DUPLICATE } = WorkflowIdReusePolicy;
  return start.call(this, type, { ...options, workflowIdReusePolicy: ALLOW_DUPLICATE });
};
