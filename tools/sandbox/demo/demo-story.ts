import type { DemoParts } from './demo-parts';
import { readMail } from '../relay/read-mail';
import { serviceUrls } from '../service/service-urls';
import { terminal } from './terminal';

/** The event that becomes a mail, and how to repeat it. */
export interface DemoChapter {
  play: () => Promise<void>;
  offerAnother: () => void | Promise<void>;
}

const ACCEPTED = 'bulk_upload_notification.accepted';
/** As long as a timer can wait. */
const FOR_EVER_MS = 2 ** 31 - 1;

const { bold, green, quiet, say } = terminal;

/** Everything else that is shown: where to look, and the mails that come later. */
export function createDemoStory({ temporal, relay, api }: DemoParts) {
  function showPlaces(): void {
    const urls = serviceUrls(api.port);
    const places = {
      Inbox: relay.inboxUrl,
      'Temporal run': `${runUrl()}/history`,
      '… in words': `${runUrl()}/user-metadata`,
      'Upload (POST)': urls.upload,
      'Webhook (POST)': urls.webhook,
      Health: urls.health,
      Readiness: urls.readiness,
    };
    say('', bold('Where to look'), '');
    say(...Object.entries(places).map(([name, url]) => `  ${name.padEnd(16)}${url}`));
  }

  /** The answer does not name the run; the log line does. */
  function runUrl(): string {
    const accepted = api.lines.find(({ event }) => event === ACCEPTED);
    const [workflow, run] = [accepted?.workflow_id, accepted?.run_id].map((id) =>
      encodeURIComponent(String(id)),
    );
    return `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${workflow}/${run}`;
  }

  /** Tells of each mail that comes after the first. */
  async function watchInbox(): Promise<never> {
    for (let nth = 2; ; nth++) {
      const mail = await relay.waitForMail(nth, FOR_EVER_MS);
      const { subject, queueId } = await readMail(mail);
      say(
        `  ${green('✓')} ${subject.replace(/\p{C}/gu, '')}  ${quiet(`${relay.inboxUrl}mails/${queueId}`)}`,
      );
    }
  }

  return { showPlaces, watchInbox };
}
