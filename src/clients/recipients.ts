import type { RecipientDirectory } from '../../activities/types';
import type { Database } from './database';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const QUERY = `
  select (select email from public.profiles where user_id = $1::uuid limit 1) as profile,
         (select email from auth.users where id = $1::uuid) as account`;

/** Supabase's own tables: the profile's address first, then the account's. */
export function createRecipientDirectory({ database }: { database: Database }): RecipientDirectory {
  return {
    async findAddresses(userId) {
      if (!UUID.test(userId)) return [];
      const [stored] = await database.query<Record<'profile' | 'account', string | null>>(QUERY, [
        userId,
      ]);
      return [stored?.profile, stored?.account].filter((address) => !!address?.trim()) as string[];
    },
  };
}
