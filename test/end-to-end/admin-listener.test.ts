import { once } from 'node:events';
import { createServer } from 'node:net';
import { type ServiceProcess, startService } from '../../tools/sandbox/service/service-process';
import { fetch } from '../support/recorded-fetch';

const ENVIRONMENT = {
  HTTP_PORT: '0',
  ADMIN_PORT: '0',
  // Nothing listens there.
  TEMPORAL_ADDRESS: '127.0.0.1:1',
};

let api: ServiceProcess | undefined;
afterEach(() => api?.stop('SIGKILL'));

async function statusOf(port: number | undefined, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.arrayBuffer();
  return response.status;
}

describe('the admin listener', () => {
  it('has the metrics, which the public port does not have; both have health', async () => {
    api = await startService('api', ENVIRONMENT);

    expect(await statusOf(api.adminPort, '/metrics')).toBe(200);
    expect(await statusOf(api.port, '/metrics')).toBe(404);
    expect(await statusOf(api.adminPort, '/healthz')).toBe(200);
    expect(await statusOf(api.port, '/healthz')).toBe(200);
  });

  it('says in its metrics what /readyz says', async () => {
    api = await startService('api', ENVIRONMENT);

    const metrics = await fetch(`http://127.0.0.1:${api.adminPort}/metrics`);

    expect(await statusOf(api.adminPort, '/readyz')).toBe(503);
    expect((await metrics.text()).split('\n')).toContain('bulk_notify_ready 0');
  });

  it('closes with the public one on SIGTERM', async () => {
    api = await startService('api', ENVIRONMENT);

    await api.stop();

    await expect(statusOf(api.adminPort, '/healthz')).rejects.toThrow('fetch failed');
    await expect(statusOf(api.port, '/healthz')).rejects.toThrow('fetch failed');
    expect(await api.exited).toBe(0);
  });

  it.each([
    ['HTTP_PORT', 'HTTP_PORT is taken by another process'],
    ['ADMIN_PORT', 'ADMIN_PORT is taken by another process'],
  ])('is named when %s is taken', async (name, fault) => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as { port: number };

    const started = startService('api', { ...ENVIRONMENT, [name]: String(port) });

    await expect(started).rejects.toThrow(fault);
    other.close();
  });

  it('is named when the address is of another machine', async () => {
    const started = startService('api', { ...ENVIRONMENT, ADMIN_HOST: '192.0.2.1' });

    await expect(started).rejects.toThrow('ADMIN_HOST is no address of this machine');
  });
});
