import { pathWith } from '../list-query';
import { HostileText } from './hostile-text';

const ID_SHOWN_CHARS = 8;

/** The beginning tells users apart; the link leads to all that the user got. */
export function UserLink({ userId }: { userId: string }) {
  const isShort = userId.length <= ID_SHOWN_CHARS + 1;
  const text = isShort ? userId : `${userId.slice(0, ID_SHOWN_CHARS)}…`;
  // A masked address is no filter.
  if (userId.includes('…')) return <HostileText text={userId} />;
  return (
    <a href={pathWith('/', { user: userId })} title={userId}>
      <HostileText text={text} />
    </a>
  );
}
