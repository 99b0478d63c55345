import { Client } from 'pg';

/**
 * Makes a class of clients of which one logs in first; the others follow if it succeeds, and fail with
 * it if not. The database then sees a wrong password once: after ten failed logins Supabase's pooler
 * blocks every login.
 */
export function createLoginQueue(): typeof Client {
  let first: Promise<Client> | undefined;

  return class QueuedClient extends Client {
    override connect(): Promise<Client>;
    override connect(callback: (err: Error) => void): void;
    override connect(callback?: (err: Error) => void): Promise<Client> | void {
      const login = first ? first.then(() => this.login()) : this.lead();
      if (!callback) return login;
      // As pg does, which the pool relies on: a call without an error is a success.
      login.then(() => (callback as () => void)(), callback);
    }

    private lead(): Promise<Client> {
      const login = this.login();
      first = login;
      // Later, because for each client that fails the pool makes another one for a waiting call.
      const forget = () => setImmediate(() => (first = undefined));
      login.then(forget, forget);
      return login;
    }

    private login(): Promise<Client> {
      const { stream } = (this as unknown as { connection: { stream: { destroyed: boolean } } })
        .connection;
      // The pool has given up and destroyed the socket; connecting would open it again.
      if (stream.destroyed) return Promise.reject(new Error('timeout before the login'));
      return super.connect();
    }
  };
}
