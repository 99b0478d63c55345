import type { FoundNotification } from '../../../operator/shown';
import { HostileText } from './hostile-text';
import { Instant } from './instant';
import { notificationPath } from './notification-path';
import { StateBadge } from './state-badge';
import { UserLink } from './user-link';

interface TableProps {
  caption: string;
  notifications: FoundNotification[];
  now: Date;
}

export function NotificationTable({ caption, notifications, now }: TableProps) {
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table class="notifications">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">State</th>
            <th scope="col">Created (UTC)</th>
            <th scope="col">Upload</th>
            <th scope="col" class="number">
              Addresses
            </th>
            <th scope="col" class="number">
              Mails
            </th>
            <th scope="col">User</th>
          </tr>
        </thead>
        <tbody>
          {notifications.map((row) => (
            <Row key={row.eventId} row={row} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, now }: { row: FoundNotification; now: Date }) {
  const { fileName, state, reason, createdAt, outcome, emailCount, sentCount, userId } = row;
  return (
    <tr>
      <th scope="row" class="file">
        <a href={notificationPath(row)}>
          {fileName === undefined ? 'No file name' : <HostileText text={fileName} />}
        </a>
      </th>
      <td>
        <StateBadge state={state} reason={reason} />
        {row.runEnded && ' run ended'}
      </td>
      <td class="time">
        <Instant at={createdAt} now={now} />
      </td>
      <td>{outcome}</td>
      <td class="number">{emailCount?.toLocaleString('en')}</td>
      <td class="number">{sentCount}</td>
      <td class="id">{userId && <UserLink userId={userId} />}</td>
    </tr>
  );
}
