import type { MailPreview } from '../../../operator/preview-mail';
import { HostileText } from './hostile-text';

/** A mail as a reader gets it, with its headers. */
export function Mail({ mail: { headers, text } }: { mail: MailPreview }) {
  return (
    <div class="card mail">
      <table>
        <caption class="hidden">Headers</caption>
        <tbody>
          {headers.map(({ name, value }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>
                <HostileText text={value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="text">
        {text.split(/\r?\n/).map((line) => (
          <div>{line === '' ? '\u00a0' : <HostileText text={line} />}</div>
        ))}
      </div>
    </div>
  );
}
