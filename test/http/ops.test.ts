import { createApp } from '../../src/http/app';
import { createOpsRouter } from '../../src/http/routes/ops';
import { type HttpServer, listen } from '../../src/http/server';
import { createMetrics } from '../../src/metrics';
import { capturedLogger } from '../support/captured-logger';

let server: HttpServer;

afterEach(() => server.close());

async function ask(path: string, isReady: () => Promise<boolean> = async () => true) {
  const metrics = createMetrics();
  metrics.webhooks.inc({ answer: 'accepted' });
  const log = capturedLogger();
  const router = createOpsRouter({ isReady, registry: metrics.registry });
  server = await listen(createApp({ logger: log.logger, routers: [router] }), 0);
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return { response, log };
}

describe('GET /healthz', () => {
  it('answers 200 whether or not the process can do its work', async () => {
    const { response } = await ask('/healthz', async () => false);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});

describe('GET /readyz', () => {
  it.each([
    [true, 200, 'ready'],
    [false, 503, 'not ready'],
  ])('answers, when readiness is %s, %i', async (ready, status, word) => {
    const { response } = await ask('/readyz', async () => ready);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ status: word });
  });

  it('answers 503 when readiness cannot be told, and logs why', async () => {
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

describe('a path that there is not', () => {
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
