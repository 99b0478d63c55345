import { type Readable, Transform } from 'node:stream';
import type { Transporter } from 'nodemailer';
import type { Dialogue } from './dialogue';

/** Why we broke off although the relay went on. */
export type Objection = 'no-smtputf8' | 'no-354';

export type Submission = ReturnType<typeof watchSubmission>;

interface SubmissionOptions {
  dialogue: Dialogue;
  smtpUtf8?: boolean;
  beforeFinalDot: () => Promise<void>;
}

/**
 * How far the message got, by the state of the stream that nodemailer reads it from. It opens the
 * stream before MAIL FROM and pipes it after a positive reply to DATA; the final dot follows its end.
 */
export function watchSubmission(
  transporter: Transporter<unknown>,
  { dialogue, smtpUtf8 = false, beforeFinalDot }: SubmissionOptions,
) {
  const abort = new AbortController();
  let message: Readable | undefined;
  let objection: Objection | undefined;
  let answerable = false;
  let grant: () => void;
  const granted = new Promise<void>((resolve) => (grant = resolve));

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

  /** nodemailer takes a 2yz for a 354; a relay that is one reply behind would read the body as commands. */
  function guardPipe(stream: Readable): Readable {
    const pipe = stream.pipe.bind(stream);
    stream.pipe = (target, options) => {
      if (!/^354(?!\d)/.test(dialogue.lastReply() ?? '')) {
        object('no-354');
        return target;
      }
      grant();
      // nodemailer queues the next reply of the same packet before this, and later ones after it.
      process.nextTick(() => setImmediate(() => (answerable = true)));
      return pipe(target, options);
    };
    return stream;
  }

  /**
   * A message without its end is dropped by the relay (RFC 5321 §4.1.1.4). A short one has been
   * written to this stream whole before MAIL FROM, so its end waits for the 354 first.
   */
  function guardEnd(source: Readable): Readable {
    const guarded = new Transform({
      transform: (chunk, _encoding, done) => done(null, chunk),
      flush: (done) =>
        void granted.then(beforeFinalDot).then(
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
    /** Breaks off, but never once the relay may have something. */
    abortBeforeBody(reason: string) {
      if (!message?.readableDidRead) abort.abort(new Error(reason));
    },
    body(): 'unread' | 'partial' | 'ended' {
      if (message?.readableEnded) return 'ended';
      return message?.readableDidRead ? 'partial' : 'unread';
    },
    /** Whether a reply can be about the message: not if it came along with the 354. */
    answerable: () => answerable,
    objection: () => objection,
  };
}
