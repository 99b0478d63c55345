import { Readable } from 'node:stream';
import { setImmediate as afterPendingReads } from 'node:timers/promises';
import type { NodemailerError } from 'nodemailer';
import { dnsCache } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { afterRunning } from './after-running';
import type { ComposedMessage } from './compose-message';
import type { ConnectionOptions } from './connection-options';
import { recordDialogue } from './dialogue';
import { replyCode } from './reply-code';
import type { SendEnd } from './verdict';

/** How far a connection got with a message, or with its beginning. */
export interface Ended extends Omit<SendEnd, 'reply' | 'error'> {
  error?: NodemailerError;
}

export interface Login {
  username: string;
  password: string;
}

interface StepEnd {
  response?: string;
  error?: NodemailerError;
}

type Done = (error?: NodemailerError | null, response?: string) => void;

export type RelayConnection = ReturnType<typeof createRelayConnection>;

const GO_AHEAD = /^354(?!\d)/;
const QUIT_TIMEOUT_MS = 1_000;
export const QUIT_CODE = 221;
/** Any other reply to QUIT is to an earlier command (RFC 5321 §4.3.2). */
const QUIT_CODES = new Set([QUIT_CODE, 421]);
const CHUNK_BYTES = 64 * 1024;

/**
 * One connection to the relay, for one message after the other. nodemailer calls back for some of the
 * ways in which a connection ends, and emits `error` or `end` for others: a step ends by the first of
 * them, or when `cut` ends the connection.
 */
export function createRelayConnection(
  options: ConnectionOptions,
  { username, password }: Login,
  onReplyToNothing: () => void,
) {
  const dialogue = recordDialogue();
  const smtp = new SMTPConnection({ ...options, logger: dialogue.logger });
  /** Why the connection ended, if it did not by QUIT. */
  let failure: NodemailerError | undefined;
  let settle = (_end: StepEnd): void => {};
  let body: SendEnd['body'] = 'unread';
  let messageCount = 0;
  let isIdle = false;
  let leaving: Promise<number | undefined> | undefined;

  // Also while it is idle, or an error would end the process.
  smtp.on('error', (error: NodemailerError) => {
    failure ??= error;
    if (isIdle && error.code === 'EPROTOCOL') onReplyToNothing();
  });
  // In the same call, nodemailer may yet call back with the reply that ended the connection.
  smtp.once('end', () => queueMicrotask(() => settle(toStepEnd(failure ?? gone()))));

  function step(begin: (done: Done) => void): Promise<StepEnd> {
    if (smtp.destroyed) return Promise.resolve(toStepEnd(failure ?? gone()));
    return new Promise<StepEnd>((resolve) => {
      isIdle = false;
      settle = resolve;
      begin((error, response) => {
        isIdle = true;
        resolve(error ? toStepEnd(error) : { response });
      });
    });
  }

  /** Ends the connection at once. The relay discards a message without its end (RFC 5321 §4.1.1.4). */
  function cut(reason: string): Error {
    failure ??= Object.assign(new Error(reason), { code: 'EABORT' });
    smtp.close();
    return failure;
  }

  function ended({ response, error }: StepEnd): Ended {
    const replied = response !== undefined;
    return { body, step: dialogue.step({ command: error?.command, replied }), response, error };
  }

  async function quit(): Promise<number | undefined> {
    if (smtp.destroyed) return undefined;
    dialogue.begin();
    const cancel = afterRunning(QUIT_TIMEOUT_MS, () => smtp.close());
    await new Promise((resolve) => {
      smtp.once('end', resolve);
      smtp.quit();
    });
    cancel();
    const code = replyCode(dialogue.lastReply());
    if (code !== undefined && !QUIT_CODES.has(code)) onReplyToNothing();
    return code;
  }

  return {
    cut,

    /** Connects, and logs in whether the relay offers AUTH or not. */
    async open(): Promise<Ended> {
      let end = await step((done) => smtp.connect(done));
      if (!end.error) {
        const auth = { user: username, pass: password };
        end = await step((done) => smtp.login(auth, (error) => done(error)));
      }
      // nodemailer caches an address for five minutes, even if the relay no longer uses it.
      if (dialogue.lastReply() === undefined) dnsCache.delete(options.host);
      return ended(end);
    },

    /** The final dot is sent after `beforeFinalDot` has resolved, and not at all if it rejects. */
    async send(
      { envelope, bytes }: ComposedMessage,
      beforeFinalDot: () => Promise<void>,
    ): Promise<Ended> {
      let isAnswered = false;
      let unwanted: string | undefined;
      dialogue.begin();
      messageCount += 1;

      /** nodemailer reads it after a positive reply to DATA, and sends the final dot at its end. */
      async function* content() {
        const reply = dialogue.lastReply() ?? '';
        // nodemailer accepts 2yz for 354; a relay out of step would read the message as commands.
        if (!GO_AHEAD.test(reply)) {
          unwanted = reply;
          if (reply.startsWith('2')) onReplyToNothing();
          throw cut('the relay did not ask for the message');
        }
        body = 'partial';
        for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
          yield bytes.subarray(at, at + CHUNK_BYTES);
        }
        await beforeFinalDot().catch((err: unknown) => {
          throw cut(err instanceof Error ? err.message : 'the final dot was not allowed');
        });
        await afterPendingReads();
        if (isAnswered || smtp.destroyed) throw gone();
        body = 'ended';
      }

      const end = await step((done) => {
        const message = Readable.from(content(), { objectMode: false });
        smtp.send({ ...envelope }, message, (error, sent) => {
          isAnswered = true;
          const response = error ? error.response : sent?.response;
          // Not about the message, whose end the relay does not have; DATA stays open.
          if (body !== 'unread' && !dialogue.hasFinalDot()) {
            if (response !== undefined) body = 'partial';
            cut('the message is incomplete');
          }
          done(error, response);
        });
      });
      const result = ended(unwanted === undefined ? end : { ...end, response: unwanted });
      body = 'unread';
      return result;
    },

    /** Whether the relay may have received a part of the message. */
    hasBegunMessage: () => body !== 'unread',
    takesCommands: dialogue.takesCommands,
    isOpen: () => !smtp.destroyed,
    messageCount: () => messageCount,
    offers: dialogue.offers,

    /**
     * Says QUIT, and closes. Resolves to the code of the reply, if one came. 221 answers nothing else:
     * then each reply before was the answer to its command.
     */
    leave: (): Promise<number | undefined> => (leaving ??= quit()),
  };
}

function toStepEnd(error: NodemailerError): StepEnd {
  return { error, response: error.response };
}

function gone(): NodemailerError {
  return Object.assign(new Error('the connection has ended'), { code: 'ECONNECTION' });
}
