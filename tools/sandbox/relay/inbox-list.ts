import { html, type Html } from './html';
import { inboxPage } from './inbox-page';
import type { ReadableMail } from './read-mail';
import { utcTime } from './utc-time';

const REFRESH_SECONDS = 3;

/** The list: `mails` newest first, possibly only the newest of `total`. */
export function inboxList(mails: ReadableMail[], total: number): string {
  const count = total === 1 ? '1 mail' : `${total} mails`;
  const shown = mails.length < total ? `, the newest ${mails.length} shown` : '';
  const body = html` <header>
      <h1>Sandbox inbox</h1>
      <span class="quiet">${count}${shown} · reloads every ${REFRESH_SECONDS} s</span>
    </header>
    <main class="card">
      ${mails.length ? toTable(mails) : html`<p class="empty">No mail yet.</p>`}
    </main>
    <p class="quiet">
      The relay takes every mail and delivers none. JSON: <a href="/api/messages">/api/messages</a>
    </p>`;
  return inboxPage(`Inbox (${total})`, body, REFRESH_SECONDS);
}

function toTable(mails: ReadableMail[]): Html {
  return html`<table class="list">
    <thead>
      <tr>
        <th class="time">Time (UTC)</th>
        <th class="to">To</th>
        <th>Subject</th>
      </tr>
    </thead>
    <tbody>
      ${mails.map(toRow)}
    </tbody>
  </table>`;
}

function toRow({ queueId, time, to, envelope, subject }: ReadableMail): Html {
  return html` <tr>
    <td class="time"><time datetime="${time.toISOString()}">${utcTime(time)}</time></td>
    <td class="to"><bdi>${to || envelope.to.join(', ')}</bdi></td>
    <td class="subject">
      <a href="/mails/${queueId}"><bdi>${subject || '(no subject)'}</bdi></a>
    </td>
  </tr>`;
}
