import { withClient } from './with-client';

export interface User {
  userId: string;
  /** Left out: there is no row. */
  profileEmail?: string | null;
  authEmail?: string | null;
  /** Whether the account's address is confirmed; it is unless this says otherwise. */
  authConfirmed?: boolean;
}

/**
 * Makes users known, as Supabase would: each by a profile, by an account, by both or by neither.
 * However many they are, it is over one connection.
 */
export async function addUser(url: string, ...users: User[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const { userId, profileEmail, authEmail, authConfirmed = true } of users) {
      if (profileEmail !== undefined) {
        await client.query(
          `insert into public.profiles (user_id, email) values ($1, $2)
           on conflict (user_id) do update set email = excluded.email`,
          [userId, profileEmail],
        );
      }
      if (authEmail !== undefined) {
        await client.query(
          `insert into auth.users (id, email, email_confirmed_at)
           values ($1, $2, case when $3 then now() end)
           on conflict (id) do update
             set email = excluded.email, email_confirmed_at = excluded.email_confirmed_at`,
          [userId, authEmail, authConfirmed],
        );
      }
    }
  });
}
