import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ms from 'ms';
import { stopGracePeriodMs } from '../../workflows/core/send-timeout';
import { readComposeFile } from '../compose/project';

const root = join(__dirname, '../..');

// A container that is killed earlier can lose the verdict of an email that the relay has accepted.
describe('the time that a worker is given to stop', () => {
  it('is the same in docker-compose.yml', () => {
    const { stop_grace_period: period = '' } = readComposeFile().services.worker ?? {};

    expect(ms(period as ms.StringValue)).toBe(stopGracePeriodMs);
  });

  it('is the same in docs/operations.md', () => {
    const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');

    const [, minutes] = /\b(\d{1,3}) minutes \(`stop_grace_period`/.exec(page) ?? [];

    expect(Number(minutes) * 60_000).toBe(stopGracePeriodMs);
  });
});
