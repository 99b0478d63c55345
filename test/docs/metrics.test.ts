import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { seriesOf, serviceMetrics } from '../support/service-metrics';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

const page = read('docs/operations.md');
const { api, worker } = serviceMetrics();
const rules = (
  parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);
const alerts = rules.map(({ alert }) => alert);
const { panels } = JSON.parse(read('deploy/grafana/dashboards/bulk-notify.json')) as {
  panels: Panel[];
};
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** The sections under a heading of the second level. */
function sectionsOf(heading: string): Map<string, string> {
  const [, text = ''] =
    new RegExp(String.raw`^## ${heading}$([\s\S]*?)(?=^## )`, 'm').exec(page) ?? [];
  const parts = text.split(/^### /m).slice(1);
  return new Map(parts.map((part) => [part.split('\n', 1).join(), part]));
}

describe('the table of metrics in docs/operations.md', () => {
  const rows = [
    ...page.matchAll(/^\| `(bulk_notify_\w+)(?:\{([\w,]+)\})?` *\| (api|worker|both) *\|/gm),
  ].map(([, name, labels = '', process]) => ({ name, labels, process }));

  it('has each metric of each process with its labels, and no other', () => {
    const isOf = (metrics: typeof api, name: string) => metrics.some((it) => it.name === name);
    const exported = [...new Map([...api, ...worker].map((it) => [it.name, it])).values()].map(
      ({ name, labelNames }) => ({
        name,
        labels: labelNames.join(','),
        process: !isOf(api, name) ? 'worker' : isOf(worker, name) ? 'both' : 'api',
      }),
    );
    const byName = (a: { name?: string }, b: { name?: string }) =>
      String(a.name).localeCompare(String(b.name));

    expect(rows.sort(byName)).toEqual(exported.sort(byName));
  });
});

describe('each alert', () => {
  const runbooks = sectionsOf('Alerts');

  it('has its section in docs/operations.md, in the same order, and no section is without one', () => {
    expect([...runbooks.keys()]).toEqual(alerts);
  });

  it.each(rules)('$alert says what is wrong, and links to its section', (rule) => {
    const { alert, labels, annotations } = rule;

    expect(alert).toMatch(/^(?:[A-Z][a-z]+)+$/);
    expect(labels.severity).toMatch(/^(?:critical|warning)$/);
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url']);
    expect(annotations.runbook_url).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  });

  it.each(alerts)('%s has a runbook: what it means, where to look, what to do', (alert) => {
    expect(runbooks.get(alert)).toMatch(
      /- \*\*Means:\*\* [\s\S]+- \*\*Look:\*\* [\s\S]+- \*\*Do:\*\* /,
    );
  });

  it.each(alerts)('%s has a test by which it fires and one by which it is silent', (alert) => {
    const { tests } = parse(read('deploy/prometheus/alerts.test.yml')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[];
    };
    const cases = tests
      .flatMap((test) => test.alert_rule_test)
      .filter(({ alertname }) => alertname === alert);

    expect(cases.some(({ exp_alerts: expected = [] }) => expected.length > 0)).toBe(true);
    expect(cases.some(({ exp_alerts: expected = [] }) => expected.length === 0)).toBe(true);
  });
});

describe('the expressions of rules and dashboard', () => {
  const series = new Set([...api, ...worker].flatMap(seriesOf));
  const namesIn = (texts: string[]) => [
    ...new Set(texts.flatMap((text) => text.match(/\bbulk_notify_\w+/g) ?? [])),
  ];

  it('name metrics that are exported', () => {
    const named = namesIn([...rules.map(({ expr }) => expr), ...expressions]);

    expect(named.filter((name) => !series.has(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });

  it('leave no metric of the service without a panel', () => {
    const shown = namesIn(expressions);
    const isShown = (metric: (typeof api)[number]) =>
      seriesOf(metric).some((name) => shown.includes(name));

    expect(
      [...api, ...worker].filter((metric) => !isShown(metric)).map(({ name }) => name),
    ).toEqual(['bulk_notify_webhook_signature_checked']);
  });
});
