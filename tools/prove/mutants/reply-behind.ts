import * as connectionModule from '../../../src/clients/smtp/relay-connection';

const { createRelayConnection } = connectionModule;
type Send = ReturnType<typeof createRelayConnection>['send'];

/** One connection for each worker, so that nearly every message comes after another one. */
process.env.SMTP_MAX_CONNECTIONS = '1';

/** The bug: on a kept connection, the 250 to a message counts for the message after it. */
Object.assign(connectionModule, {
  createRelayConnection(...parts: Parameters<typeof createRelayConnection>) {
    const connection = createRelayConnection(...parts);
    /** Of the last message, if the relay accepted it. */
    let response: string | undefined;
    const send: Send = async (...message) => {
      const end = await connection.send(...message);
      if (end.body !== 'ended') return end;
      const answered = response === undefined ? end : { ...end, response, error: undefined };
      response = end.error ? undefined : end.response;
      return answered;
    };
    return { ...connection, send };
  },
});
