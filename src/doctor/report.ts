import { count } from '../operator/count';
import { visible } from '../terminal/visible';
import { type Finding, type Part, PARTS, type Status, worstOf } from './finding';

interface Group {
  part: Part;
  /** The worst of its findings. */
  status: Status;
  findings: Finding[];
}

export interface DoctorReport {
  status: Status;
  sentence: string;
  ms: number;
  parts: Group[];
}

const TITLES: Record<Part, string> = {
  configuration: 'Configuration',
  relay: 'Relay',
  dns: "DNS of the sender's domain",
  temporal: 'Temporal',
  database: 'Database',
  provider: 'Provider',
  webhook: 'Webhook',
};

const MARKS: Record<Status, string> = {
  ok: 'ok',
  skipped: 'skipped',
  warning: 'WARNING',
  failure: 'FAILURE',
};

export function createReport(findings: readonly Finding[], ms: number): DoctorReport {
  const parts = PARTS.map((part) => {
    const ofPart = findings.filter((finding) => finding.part === part);
    return { part, status: worstOf(ofPart.map((it) => it.status)), findings: ofPart };
  }).filter((group) => group.findings.length > 0);
  const status = worstOf(findings.map((finding) => finding.status));
  return { status, sentence: sentenceOf(findings, ms), ms: Math.round(ms), parts };
}

function sentenceOf(findings: readonly Finding[], ms: number): string {
  const having = (status: Status) => findings.filter((finding) => finding.status === status);
  const failed = having('failure');
  const warnings = having('warning').length;
  const unjudged = having('skipped').length;
  const asides = [
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(unjudged > 0 ? [`${unjudged} not judged`] : []),
  ];
  const aside = asides.length > 0 ? ` (${asides.join(', ')})` : '';
  const checks = `${count(findings.length, 'check')} in ${(ms / 1_000).toFixed(1)} s`;
  if (failed.length === 0) {
    return `${warnings > 0 ? 'Nothing failed' : 'All is well'}: ${checks}${aside}.`;
  }
  const names = failed.map(({ part, check }) => `${part}: ${check}`).join('; ');
  return `${failed.length} of ${checks} failed${aside}: ${names}.`;
}

/** For a terminal: each finding in a line, and below it why it matters and what to do. */
export function renderReport({ parts, sentence }: DoctorReport): string {
  return [...parts.map(renderGroup), sentence].join('\n\n');
}

function renderGroup({ part, status, findings }: Group): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const rows = findings.flatMap((finding) => renderFinding(finding, width));
  return [`${TITLES[part]}: ${status}`, ...rows].join('\n');
}

function renderFinding({ status, check, what, why, remedy, ms }: Finding, width: number): string[] {
  const indent = ' '.repeat(width + 13);
  return [
    `  ${MARKS[status].padEnd(8)} ${check.padEnd(width)}  ${visible(what)} (${ms} ms)`,
    ...(why ? [`${indent}why: ${visible(why)}`] : []),
    ...(remedy ? [`${indent}do:  ${visible(remedy)}`] : []),
  ];
}
