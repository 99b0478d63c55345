import { type Readable, Transform } from 'node:stream';
import type { Transporter } from 'nodemailer';
import type { Dialogue } from './dialogue';

/** Why the client ended the dialogue. */
export type Objection = 'no-smtputf8' | 'no-354';

export type Submission = ReturnType<typeof watchSubmission>;

interface SubmissionOptions {
  dialogue: Dialogue;
  smtpUtf8?: boolean;
  beforeFinalDot: () => Promise<void>;
}

/**
 * Observes how much of the message was sent, by the state of the stream that nodemailer reads. It
 * opens the stream before MAIL FROM, pipes it after a positive reply to DATA, and sends the final dot
 * at the end of the stream.
 */
export function watchSubmission(
  transporter: Transporter<unknown>,
  { dialogue, smtpUtf8 = false, beforeFinalDot }: SubmissionOptions,
) {
  const abort = new AbortController();
  let message: Readable | undefined;
  let objection: Objection | undefined;
  let answerable = false;
  let allowEnd: () => void;
  const endAllowed = new Promise<void>((resolve) => (allowEnd = resolve));

  function object(reason: Objection): void {
    objection = reason;
    abort.abort(new Error(reason));
  }

  transporter.use('stream', (mail, done) => {
    const createReadStream = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (options) => {
      if (smtpUtf8 && !dialogue.offers('SMTPUTF8')) object('no-smtputf8');
      return (message = guardPipe(guardEnd(createReadStream(options))));
    };
    done();
  });

  /** nodemailer accepts 2yz for 354; a relay one reply behind would read the body as commands. */
  function guardPipe(stream: Readable): Readable {
    const pipe = stream.pipe.bind(stream);
    stream.pipe = (target, options) => {
      if (!/^354(?!\d)/.test(dialogue.lastReply() ?? '')) {
        object('no-354');
        return target;
      }
      allowEnd();
      // nodemailer handles the next reply of the same packet before this, and later ones after it.
      process.nextTick(() => setImmediate(() => (answerable = true)));
      return pipe(target, options);
    };
    return stream;
  }

  /**
   * The relay discards a message without its end (RFC 5321 §4.1.1.4). A short message is completely
   * in this stream before MAIL FROM, so its end must wait for the 354 first.
   */
  function guardEnd(source: Readable): Readable {
    const guarded = new Transform({
      transform: (chunk, _encoding, done) => done(null, chunk),
      flush: (done) =>
        void endAllowed.then(beforeFinalDot).then(
          () => done(),
          (err: unknown) => abort.abort(err),
        ),
    });
    source.on('error', (err) => guarded.destroy(err));
    return source.pipe(guarded);
  }

  return {
    signal: abort.signal,
    abort: (reason: string) => abort.abort(new Error(reason)),
    /** Aborts, but not after the relay may have received a part of the message. */
    abortBeforeBody(reason: string) {
      if (!message?.readableDidRead) abort.abort(new Error(reason));
    },
    body(): 'unread' | 'partial' | 'ended' {
      if (message?.readableEnded) return 'ended';
      return message?.readableDidRead ? 'partial' : 'unread';
    },
    /** Whether a reply can be about the message. A reply in the packet of the 354 cannot. */
    answerable: () => answerable,
    objection: () => objection,
  };
}
