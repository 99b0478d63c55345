import { randomUUID } from 'node:crypto';
import { addUser } from '../../tools/sandbox/postgres/add-user';
import { onFreePorts } from '../../tools/sandbox/network/on-free-ports';
import { serviceUrls } from '../../tools/sandbox/service/service-urls';
import { userToken } from '../../tools/sandbox/service/user-token';
import { JWT_KEY } from './planted-values';
import type { Surroundings } from './surroundings';

const JWT_SECRET = `${JWT_KEY}${randomUUID()}`;

/** The API tells the provider where to send its webhooks, so its port is known before it starts. */
export function startUploadApi({ start }: Surroundings, wanted?: number) {
  return onFreePorts([wanted], ([port = 0]) =>
    start('api', {
      HTTP_PORT: String(port),
      PUBLIC_BASE_URL: serviceUrls(port).base,
      SUPABASE_JWT_SECRET: JWT_SECRET,
    }),
  );
}

/** A user with an address, and the token that a browser of theirs has. */
export async function addOwner({ postgres }: Surroundings) {
  const userId = randomUUID();
  const email = `owner-${userId}@customer.example`;
  await addUser(postgres.url, { userId, profileEmail: email });
  return { email, token: await userToken(userId, email, JWT_SECRET) };
}
