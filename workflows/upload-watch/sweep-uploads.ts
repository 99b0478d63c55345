import { continueAsNew, log, setCurrentDetails, sleep } from '@temporalio/workflow';
import { duration, fieldsOf, invalidInput } from '../notification/input';
import { quickThenDurably } from '../notification/look-up';
import { sweepPage } from './sweep-page';
import { addPage, describeSweep, NOTHING_FOUND } from './sweep-report';
import type { SweepOptions, SweepReport } from './messages';

const PAGE = 50;
/** Then the run continues as a new one, so that no history grows. */
const PAGES_OF_A_RUN = 2;
/** With the provider's own time for a page, a few questions a second. */
const PAUSE = '2s';

/** Where the run before left off. */
export interface SoFar {
  asOf?: string;
  report: SweepReport;
}

/**
 * Looks for uploads whose webhook never came, and starts their notifications. It takes what was due
 * when it began: whatever it looked at is due later, so it comes to an end.
 */
export async function sweepUploads(input: SweepOptions, soFar?: SoFar): Promise<SweepReport> {
  const options = readSweepOptions(input);
  let { asOf, report } = isSoFar(soFar) ? soFar : { report: NOTHING_FOUND };
  for (let page = 0; page < PAGES_OF_A_RUN; page++) {
    if (asOf) await sleep(PAUSE);
    const query = { asOf, olderThanMs: options.sweepAfterMs, most: PAGE };
    const due = await quickThenDurably((activities) => activities.findDueUploads(query));
    asOf = due.asOf;
    const findings = await sweepPage(due.uploads, options);
    const { looks, stopped } = findings;
    if (looks.length > 0) await quickThenDurably((activities) => activities.recordLooks(looks));
    report = addPage(report, { ...findings, notified: due.notified });
    setCurrentDetails(describeSweep(report));
    if (stopped || !due.more) return end(report);
  }
  return continueAsNew<typeof sweepUploads>(options, { asOf, report });
}

function isSoFar(input: unknown): input is SoFar {
  return typeof fieldsOf(fieldsOf(input).report).looked === 'number';
}

/** Written by `bulk-notify setup`; a run that was started by hand without them says so. */
function readSweepOptions(input: unknown): SweepOptions {
  const options = fieldsOf(input);
  const sweepAfterMs = duration(options.sweepAfterMs);
  const resendWindowMs = duration(options.resendWindowMs);
  if (sweepAfterMs !== undefined && resendWindowMs !== undefined) {
    return { sweepAfterMs, resendWindowMs };
  }
  throw invalidInput('The sweep needs sweepAfterMs and resendWindowMs');
}

function end(report: SweepReport): SweepReport {
  if (report.stopped) log.warn('bulk_upload_notification.sweep_stopped', { ...report });
  else if (report.looked > 0) log.info('bulk_upload_notification.sweep_done', { ...report });
  return report;
}
