export interface Database {
  host: string;
  port: string;
  user: string;
  password: string;
}

/** The parts of a Postgres URL, which Temporal takes one by one. */
export function databaseOf(url: string): Database {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}
