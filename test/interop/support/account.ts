import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The IDs of a system user that a package has made. */
export async function accountOf(user: string): Promise<{ uid: number; gid: number }> {
  const ask = async (flag: string) =>
    Number((await promisify(execFile)('id', [flag, user])).stdout);
  return { uid: await ask('-u'), gid: await ask('-g') };
}
