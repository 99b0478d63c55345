import { Client } from 'pg';

/**
 * Clients that log in one after the other, and fail with the one before them: of a wrong password
 * the database sees one try, where ten at once have Supabase's pooler keep everybody out.
 */
export function createLoginQueue(): typeof Client {
  let last: Promise<Client> | undefined;

  return class QueuedClient extends Client {
    override connect(): Promise<Client>;
    override connect(callback: (err: Error) => void): void;
    override connect(callback?: (err: Error) => void): Promise<Client> | void {
      const login = (last ?? Promise.resolve()).then(() => this.login());
      const forget = () => {
        if (last === login) last = undefined;
      };
      last = login;
      login.then(forget, forget);
      if (!callback) return login;
      // As pg does, which the pool relies on: no error is a success.
      login.then(() => (callback as () => void)(), callback);
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
