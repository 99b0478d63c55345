import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { onFreePorts } from '../../../tools/sandbox/network/on-free-ports';
import { until } from '../../../tools/sandbox/until';
import { programDirectory, startForeground } from './foreground';
import { program } from './program';
import { fetch } from '../../support/recorded-fetch';

export const DEPLOY = join(__dirname, '../../../deploy');
const ALERT_TIMEOUT_MS = 60_000;

interface Rule {
  alert: string;
  expr: string;
  for?: string;
}

interface Rules {
  groups: { name: string; rules: Rule[] }[];
}

interface Alert {
  labels: Record<string, string> & { alertname: string };
  state: 'pending' | 'firing';
}

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>;

/** Ports to scrape, by the jobs of deploy/prometheus/prometheus.yml. */
export type Targets = Partial<
  Record<'bulk-notify-api' | 'bulk-notify-worker' | 'bulk-notify-temporal-sdk', number[]>
>;

export const rulesOf = (text: string) =>
  (parse(text) as Rules).groups.flatMap(({ rules }) => rules);

interface Shortened {
  /** Thresholds that a test cannot reach, by alert: what stands there, and what stands for it. */
  changes?: Record<string, [string, string]>;
  /** How long what an alert says must hold. */
  waitSeconds?: number;
}

/** The rules in seconds where they count in hours: every range is 20 s. */
function inSeconds(text: string, { changes = {}, waitSeconds = 3 }: Shortened): string {
  const rules = parse(text) as Rules;
  for (const rule of rules.groups.flatMap((group) => group.rules)) {
    const [from, to] = changes[rule.alert] ?? ['', ''];
    if (!rule.expr.includes(from)) throw new Error(`${rule.alert} has no ${from}`);
    rule.expr = rule.expr.replace(from, to).replaceAll(/\[\d+[mhd]\]/g, '[20s]');
    rule.for = `${waitSeconds}s`;
  }
  return stringify(rules);
}

/** A real Prometheus with our rules, which scrapes and judges each second. */
export async function startPrometheus(targets: Targets, shortened: Shortened = {}) {
  const { path: directory, remove } = programDirectory('prometheus');
  const rules = readFileSync(join(DEPLOY, 'prometheus/alerts.yml'), 'utf8');
  writeFileSync(join(directory, 'alerts.yml'), inSeconds(rules, shortened));
  writeFileSync(join(directory, 'prometheus.yml'), configuration(targets));
  mkdirSync(join(directory, 'data'));
  return onFreePorts([undefined], async ([port]) => {
    const args = [
      `--config.file=${directory}/prometheus.yml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ];
    const started = { args, port: port as number, directory };
    const running = await startForeground(program('prometheus'), started);
    const url = `http://127.0.0.1:${port}/api/v1`;

    async function ask<T>(path: string): Promise<T> {
      const response = await fetch(`${url}${path}`);
      return ((await response.json()) as { data: T }).data;
    }

    /** The alerts that fire now. */
    async function firing(): Promise<Alert['labels'][]> {
      const { alerts } = await ask<{ alerts: Alert[] }>('/alerts');
      return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels);
    }

    /** Resolves once the alert fires with these labels, among others. */
    function untilFires(alertname: string, labels: Record<string, string>): Promise<void> {
      const wanted = Object.entries({ ...labels, alertname });
      return until(
        `${alertname} fires`,
        async () =>
          (await firing()).some((alert) => wanted.every(([name, value]) => alert[name] === value)),
        { timeoutMs: ALERT_TIMEOUT_MS, intervalMs: 500 },
      );
    }

    /** The names of all series that it has stored. */
    const names = () => ask<string[]>('/label/__name__/values');

    await until('Prometheus is ready and has scraped', async () => {
      const response = await fetch(`${url}/targets`);
      if (!response.ok) return false;
      const { data } = (await response.json()) as { data: { activeTargets: { health: string }[] } };
      const scraped = data.activeTargets.filter(({ health }) => health !== 'unknown');
      return scraped.length === Object.values(targets).flat().length;
    });

    async function close() {
      await running.stop();
      remove();
    }

    return { firing, untilFires, names, log: running.log, close };
  });
}

function configuration(targets: Targets): string {
  return stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['alerts.yml'],
    scrape_configs: Object.entries(targets).map(([job, ports]) => ({
      job_name: job,
      static_configs: [{ targets: ports.map((port) => `127.0.0.1:${port}`) }],
    })),
  });
}

/** What promtool says; rejects with it unless it finds no fault. */
export async function promtool(args: string[], input = ''): Promise<string> {
  const running = promisify(execFile)(program('promtool'), args);
  running.child.stdin?.end(input);
  try {
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (err) {
    const { stdout, stderr } = err as { stdout: string; stderr: string };
    throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`, { cause: err });
  }
}
