import { concealedUnless } from '../operator/conceal-addresses';
import type { NotificationDetail, Shown } from '../operator/search';
import { commandLine } from '../terminal/command-line';
import { shownText } from '../terminal/notification-text';
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
      return 'One of them: bulk-notify show TASK_ID';
    case 'nothing':
      return undefined;
  }
}

function nextCommand({ state, taskId, outcome, ...detail }: NotificationDetail): string {
  const resend = commandLine('resend', [taskId, outcome], { wait: true });
  switch (state) {
    case 'handed_over':
      return `That one: ${commandLine('show', [detail.handedOverTo ?? taskId])}`;
    case 'sent':
      return `Send it once more: ${resend}`;
    case 'nothing_to_send':
      return `Look again: ${resend}`;
    case 'waiting':
    case 'sending':
    case 'parked':
      return detail.reason === 'uncertain'
        ? `Send it, maybe for the second time: ${resend}`
        : `Try now, if it is not sent yet: ${resend} --unless-sent`;
  }
}
