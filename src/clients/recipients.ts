import type { Pool } from 'pg';
import type { RecipientDirectory } from '../../activities/types';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const QUERY = {
  text: `select (select email from public.profiles where user_id = $1::uuid limit 1) as profile,
                (select email from auth.users where id = $1::uuid) as account`,
};

/** Supabase's own tables: the profile's address first, then the account's. */
export function createRecipientDirectory({ database }: { database: Pool }): RecipientDirectory {
  return {
    async findAddresses(userId) {
      if (!UUID.test(userId)) return { addresses: [] };
      try {
        const { rows } = await database.query<Record<'profile' | 'account', string | null>>({
          ...QUERY,
          values: [userId],
        });
        const stored = [rows[0]?.profile, rows[0]?.account];
        return { addresses: stored.filter((address) => !!address?.trim()) as string[] };
      } catch (err) {
        const { code, name } = err as { code?: string; name: string };
        return { fault: 'unavailable', message: `the database did not answer (${code ?? name})` };
      }
    },
  };
}
