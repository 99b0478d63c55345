import { Client } from 'pg';

export interface User {
  userId: string;
  /** Left out: there is no row. */
  profileEmail?: string | null;
  authEmail?: string | null;
}

/** Makes a user known, as Supabase would: by a profile, by an account, by both or by neither. */
export async function addUser(url: string, user: User): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    if (user.profileEmail !== undefined) {
      await client.query(
        `insert into public.profiles (user_id, email) values ($1, $2)
         on conflict (user_id) do update set email = excluded.email`,
        [user.userId, user.profileEmail],
      );
    }
    if (user.authEmail !== undefined) {
      await client.query(
        `insert into auth.users (id, email) values ($1, $2)
         on conflict (id) do update set email = excluded.email`,
        [user.userId, user.authEmail],
      );
    }
  } finally {
    await client.end();
  }
}
