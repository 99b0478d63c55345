import { servePart, emit } from '../part/serve-part';
import { type SinkCounts, type SmtpSink, startSmtpSink } from './smtp-sink';

/** A mail that was answered 250 at `at` (`Date.now()`). */
export interface Arrival {
  taskId: string;
  at: number;
}

export interface RelayPorts {
  starttls: number;
  plain: number;
}

const MESSAGE_ID = /^Message-ID:\s+<bulk\.([0-9a-f-]{36})\./im;

/** Two relays: one requires STARTTLS, one is plain text. */
let sinks: SmtpSink[] = [];

const calls = {
  async start(certificate: { key: string; cert: string }): Promise<RelayPorts> {
    const onMail = (raw: string): void => {
      const [, taskId = ''] = MESSAGE_ID.exec(raw) ?? [];
      emit({ taskId, at: Date.now() } satisfies Arrival);
    };
    const [secured, plain] = await Promise.all([
      startSmtpSink(onMail, certificate),
      startSmtpSink(onMail),
    ]);
    sinks = [secured, plain];
    return { starttls: secured.port, plain: plain.port };
  },
  /** Of both. */
  counts(): SinkCounts {
    const all = sinks.map((sink) => sink.counts());
    const sum = (count: keyof SinkCounts) => all.reduce((total, it) => total + it[count], 0);
    return {
      connections: sum('connections'),
      handshakes: sum('handshakes'),
      mails: sum('mails'),
    };
  },
  setDelay: (ms: number) => sinks.forEach((sink) => sink.setDelay(ms)),
  async close() {
    await Promise.all(sinks.map((sink) => sink.close()));
  },
  async open() {
    await Promise.all(sinks.map((sink) => sink.open()));
  },
};
export type RelayCalls = typeof calls;

servePart(calls);
