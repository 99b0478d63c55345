import type { PageFindings } from './sweep-page';
import type { SweepReport } from './messages';

export const NOTHING_FOUND: SweepReport = {
  looked: 0,
  started: 0,
  late: 0,
  waiting: 0,
  missing: 0,
  unknown: 0,
  unanswered: 0,
  notified: 0,
};

/** The report with what a page has added. */
export function addPage(
  before: SweepReport,
  { looks, stopped, notified }: PageFindings & { notified: number },
): SweepReport {
  const report = { ...before, notified: before.notified + notified };
  for (const { finding } of looks) {
    report.looked += 1;
    report[finding] += 1;
  }
  return stopped ? { ...report, stopped } : report;
}

const STOPPED = {
  unauthorized: 'The provider refuses our key: repair EXTERNAL_API_ADMIN_KEY.',
  provider_down: 'The provider does not answer; the next sweep goes on.',
};

/** The report in a person's words (markdown), shown as the run's current details. */
export function describeSweep(report: SweepReport): string {
  const { looked, started, late, waiting, missing, unknown, unanswered, notified } = report;
  const lines = [
    `**${looked} uploads without a notification, ${started} of them started**`,
    '',
    ...(report.stopped ? [`- Stopped: ${STOPPED[report.stopped]}`] : []),
    `- Started, the webhook never came: ${started}`,
    `- Late, the webhook came after all: ${late}`,
    `- Waiting, the provider is still at work: ${waiting}`,
    `- Missing, the provider does not know them: ${missing}`,
    `- Unknown, given up: ${unknown}`,
    `- Unanswered, still due: ${unanswered}`,
    `- Beside these, with their notification in the ledger: ${notified}`,
  ];
  return lines.join('\n');
}
