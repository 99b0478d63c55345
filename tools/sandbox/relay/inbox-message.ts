import { html } from './html';
import { inboxPage } from './inbox-page';
import type { ReadableMail } from './read-mail';
import { utcTime } from './utc-time';

/** One mail: how it came, its headers and its text. */
export function inboxMessage(mail: ReadableMail): string {
  const { queueId, time, envelope, tls, user, headers, text } = mail;
  const subject = mail.subject || '(no subject)';
  const body = html` <p class="quiet"><a href="/">← All mails</a></p>
    <main>
      <h1><bdi>${subject}</bdi></h1>
      <p class="quiet">
        <span class="chip">${tls ? 'TLS' : 'no TLS'}</span
        ><span class="chip">AUTH ${user}</span> Queued as ${queueId} at
        <time datetime="${time.toISOString()}">${utcTime(time)} UTC</time>, envelope
        <bdi>${envelope.from || '<>'}</bdi> → <bdi>${envelope.to.join(', ')}</bdi>
      </p>
      <section class="card">
        <h2>Text</h2>
        <pre>${text}</pre>
      </section>
      <section class="card">
        <h2>Headers</h2>
        <table class="headers">
          <tbody>
            ${headers.map(
              ({ name, value }) =>
                html` <tr>
                  <th scope="row">${name}</th>
                  <td><bdi>${value}</bdi></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>
      <p class="quiet"><a href="/mails/${queueId}/raw">Raw source</a></p>
    </main>`;
  return inboxPage(subject, body);
}
