import { addUser } from '../../sandbox/postgres/add-user';
import { withClient } from '../../sandbox/postgres/with-client';
import type { PlannedUpload } from '../plan/upload-plan';

/** Inserts a profile for each owner with an address. */
export async function addOwners(url: string, uploads: PlannedUpload[]): Promise<void> {
  const owners = uploads.filter(({ address }) => address !== undefined);
  await withClient(url, (client) =>
    client.query(
      'insert into public.profiles (user_id, email) select * from unnest($1::uuid[], $2::text[])',
      [owners.map(({ userId }) => userId), owners.map(({ address }) => address)],
    ),
  );
}

export const giveAddress = (url: string, userId: string, profileEmail: string) =>
  addUser(url, { userId, profileEmail });
