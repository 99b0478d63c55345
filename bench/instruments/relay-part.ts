import { servePart, tell } from '../part/serve-part';
import { type SmtpSink, startSmtpSink } from './smtp-sink';

/** A mail that got its 250, at a time of `Date.now()`. */
export interface Arrival {
  taskId: string;
  at: number;
}

const MESSAGE_ID = /^Message-ID:\s+<bulk\.([0-9a-f-]{36})\./im;

let sink: SmtpSink;

const calls = {
  async start() {
    sink = await startSmtpSink((raw) => {
      const [, taskId = ''] = MESSAGE_ID.exec(raw) ?? [];
      tell({ taskId, at: Date.now() } satisfies Arrival);
    });
    return sink.port;
  },
  setDelay: (ms: number) => sink.setDelay(ms),
  close: () => sink.close(),
  open: () => sink.open(),
};
export type RelayCalls = typeof calls;

servePart(calls);
