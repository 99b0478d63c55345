import { concealedUnless } from '../operator/conceal-addresses';
import { type FittingResend, fittingResend } from '../operator/fitting-resend';
import type { NotificationDetail, Shown } from '../operator/search';
import { commandLine } from '../terminal/command-line';
import { shownText } from '../terminal/notification-text';
import { visible } from '../terminal/visible';
import { defineCommand } from './command';
import { REVEAL_OPTION } from './reveal';
import { withOperator } from './with-operator';

export const showCommand = defineCommand({
  name: 'show',
  usage: 'TASK_ID|EVENT_ID|USER_ID|ADDRESS',
  about: 'say where a mail is, and what can be done',
  options: REVEAL_OPTION,
  async run({ positionals: [query = ''], values: { reveal } }) {
    const found = await withOperator(({ search }) => search.show(query));
    const shown = concealedUnless(reveal, found);
    return {
      text: shownText(shown),
      data: shown,
      hint: hintOf(shown),
      exitCode: shown.found === 'nothing' ? 1 : 0,
    };
  },
});

function hintOf(shown: Shown): string | undefined {
  switch (shown.found) {
    case 'notification':
      return nextCommand(shown.notification);
    case 'several':
      return ['One of them: bulk-notify show TASK_ID', ...shown.usersWithMore.map(listOf)].join(
        '\n',
      );
    case 'nothing':
      return undefined;
  }
}

function listOf(user: string): string {
  return `Only the newest of user ${visible(user)} are shown; all: ${commandLine('list', [], { user })}`;
}

const RESENDS: Record<FittingResend, string> = {
  unless_sent: 'Try now, if it is not sent yet',
  plain: 'Try now; a mail went out before, so --unless-sent would do nothing',
  maybe_twice: 'Send it, maybe for the second time',
  once_more: 'Send it once more',
  look_again: 'Look again',
};

function nextCommand(notification: NotificationDetail): string {
  const { taskId, outcome, handedOverTo = taskId } = notification;
  const fitting = fittingResend(notification);
  if (!fitting) return `That one: ${commandLine('show', [handedOverTo])}`;
  const unlessSent = fitting === 'unless_sent' || undefined;
  const options = { wait: true, 'unless-sent': unlessSent } as const;
  return `${RESENDS[fitting]}: ${commandLine('resend', [taskId, outcome], options)}`;
}
