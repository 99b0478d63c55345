import { Client } from 'pg';

/**
 * Clients of which one logs in first, and the others when it was admitted; else they fail with it.
 * Of a wrong password the database sees one try, where ten at once have Supabase's pooler keep
 * everybody out.
 */
export function createLoginQueue(): typeof Client {
  let first: Promise<Client> | undefined;

  return class QueuedClient extends Client {
    override connect(): Promise<Client>;
    override connect(callback: (err: Error) => void): void;
    override connect(callback?: (err: Error) => void): Promise<Client> | void {
      const login = first ? first.then(() => this.login()) : this.lead();
      if (!callback) return login;
      // As pg does, which the pool relies on: no error is a success.
      login.then(() => (callback as () => void)(), callback);
    }

    private lead(): Promise<Client> {
      const login = this.login();
      first = login;
      // Not at once: for each client that fails, the pool makes another one for a call that waits.
      const forget = () => setImmediate(() => (first = undefined));
      login.then(forget, forget);
      return login;
    }

    private login(): Promise<Client> {
      const { stream } = (this as unknown as { connection: { stream: { destroyed: boolean } } })
        .connection;
      // The pool gives up by this; connecting would bring the socket back to life.
      if (stream.destroyed) return Promise.reject(new Error('timeout before the login'));
      return super.connect();
    }
  };
}
