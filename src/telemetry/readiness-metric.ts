import { Gauge, type Registry } from 'prom-client';

/** Each scrape shows what /readyz would say then, which a proxy may go by. */
export function createReadinessMetric(registry: Registry, isReady: () => Promise<boolean>): void {
  new Gauge({
    name: 'bulk_notify_ready',
    help: '1 if /readyz answers 200, 0 if it answers 503: a proxy that asks it then sends nothing',
    registers: [registry],
    async collect() {
      this.set((await isReady()) ? 1 : 0);
    },
  });
}
