import type { SignedWebhook } from '../provider/signed-webhook';
import { scratchFile } from './scratch-file';

/** A command for a shell that posts the webhook. Its body is in a file, byte for byte as signed. */
export function curlCommand(url: string, { body, headers }: SignedWebhook): string {
  const file = scratchFile('webhook.json', body);
  const needed = ['Content-Type', 'X-Webhook-Signature'];
  return [
    `curl -sS -w '\\n' -X POST '${url}'`,
    ...needed.map((name) => `-H '${name}: ${headers[name]}'`),
    `--data-binary '@${file}'`,
  ].join(' \\\n  ');
}
