import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTimeSkipping } from '../temporal/time-skipping';
import { findTimeSkippingBinary } from '../temporal/time-skipping-binary';

describe('findTimeSkippingBinary', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'time-skipping-test-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ['there is no Java', [], 'there is no `java` on PATH'],
    ['there is no Maven', ['java'], 'there is no `mvn` on PATH to fetch it'],
  ])('says how to get it when %s', async (_, tools, reason) => {
    for (const tool of tools) symlinkSync(process.execPath, join(directory, tool));

    const found = await findTimeSkippingBinary({ env: { PATH: directory, HOME: directory } });

    expect(found).toEqual({ missing: expect.stringContaining(reason) as string });
  });
});

describe('startTimeSkipping', () => {
  it('lets a day pass in no time', async () => {
    const sandbox = await startTimeSkipping();
    if ('missing' in sandbox) {
      process.stderr.write(`skipped: ${sandbox.missing}\n`);
      return;
    }

    const environment = await TestWorkflowEnvironment.createTimeSkipping(sandbox);
    const before = await environment.currentTimeMs();
    await environment.sleep('1 day');
    const after = await environment.currentTimeMs();
    await environment.teardown();
    await sandbox.close();

    expect(after - before).toBeGreaterThanOrEqual(24 * 60 * 60 * 1000);
  });
});
