// node signature.mjs < body.json               prints the signature header of the body
// node signature.mjs SIGNATURE < body.json     exits with 0 if the signature is the body's, else 1
// Needs WEBHOOK_SECRET_KEY.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

export function sign(body, key) {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

export function verify(body, key, signature) {
  const [expected, given] = [Buffer.from(sign(body, key)), Buffer.from(signature)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

const [signature] = process.argv.slice(2);
const key = process.env.WEBHOOK_SECRET_KEY;
// The bytes as they came: a body that was parsed and written again is another one.
const body = await buffer(process.stdin);

if (signature === undefined) console.log(sign(body, key));
else process.exitCode = verify(body, key, signature) ? 0 : 1;
