import { createApp } from '../../src/http/app';
import type { Probe, Readiness } from '../../src/http/readiness';
import { createOpsRouter } from '../../src/http/ops';
import { type HttpServer, listen } from '../../src/http/server';
import { createMetrics } from '../../src/telemetry/metrics';
import { capturedLogger } from '../support/captured-logger';
import { fetch } from '../support/recorded-fetch';

let server: HttpServer;

afterEach(() => server.close());

async function ask(path: string, ...probes: Probe[]) {
  const metrics = createMetrics();
  metrics.webhooks.inc({ answer: 'accepted' });
  const log = capturedLogger();
  const router = createOpsRouter({ probes, registry: metrics.registry });
  server = await listen(createApp({ logger: log.logger, routers: [router] }), 0);
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return { response, log };
}

describe('GET /healthz', () => {
  it('answers 200 whether or not the process can do its work', async () => {
    const { response } = await ask('/healthz', () => ({ ready: false }));

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});

describe('GET /readyz', () => {
  it.each<[string, Readiness[], number, object]>([
    ['200 when all parts are ready', [{ ready: true }, { ready: true }], 200, { status: 'ready' }],
    [
      '200 and the warnings of parts that are ready',
      [
        { ready: true, warnings: ['No secret is set'] },
        { ready: true, checks: [] },
      ],
      200,
      { status: 'ready', warnings: ['No secret is set'] },
    ],
    [
      '503 and what is missing when one part is not ready',
      [{ ready: true }, { ready: false, checks: ['Temporal does not answer'] }],
      503,
      { status: 'not ready', checks: ['Temporal does not answer'] },
    ],
  ])('answers %s', async (_what, parts, status, body) => {
    const { response } = await ask('/readyz', ...parts.map((part) => () => part));

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });

  it('answers 503 when a probe throws, and logs the error', async () => {
    const { response, log } = await ask('/readyz', async () => {
      throw new Error('no route to host');
    });

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'unavailable' });
    expect(log.lines()).toMatchObject([
      { event: 'http.failed', path: '/readyz', err: { message: 'no route to host' } },
    ]);
  });
});

describe('GET /metrics', () => {
  it('answers in the text format of Prometheus', async () => {
    const { response } = await ask('/metrics');

    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toContain('bulk_notify_webhooks_total{answer="accepted"} 1\n');
    expect(text).toContain('# TYPE process_cpu_seconds_total counter\n');
  });
});

describe('an unknown path', () => {
  it.each(['/', '/metric', '/healthz/x', '/%E0%A4%A', '/..%2fhealthz'])(
    'is answered 404: %s',
    async (path) => {
      const { response, log } = await ask(path);

      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ detail: 'Not found', code: 'not_found' });
      expect(log.events()).toEqual([]);
    },
  );
});
