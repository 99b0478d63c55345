import { showMail } from './demo-mail';
import type { Relay } from '../relay/relay';
import { terminal } from './terminal';

const MAIL_WITHIN_MS = 60_000;

const { bold, green, say } = terminal;

/** Waits for the first mail and shows it; `began` is when that which it comes of was sent. */
export async function showFirstMail(relay: Relay, began: number, after: string): Promise<void> {
  const mail = await relay.waitForMail(1, MAIL_WITHIN_MS).catch(() => {
    throw new Error(`No mail came within ${MAIL_WITHIN_MS / 1000} s.`);
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`  ${green('✓')} a mail at the relay, ${seconds} s after ${after}`);
  say('', bold('The mail, as the relay received it'), '', ...(await showMail(mail)));
}
