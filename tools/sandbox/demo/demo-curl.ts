import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignedWebhook } from '../provider/signed-webhook';

/**
 * A command for a shell that posts the webhook. Its body is in a file, byte for byte what was
 * signed, which goes with this process.
 */
export function curlCommand(url: string, { body, headers }: SignedWebhook): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulk-notify-demo-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'webhook.json');
  writeFileSync(file, body);
  const needed = ['Content-Type', 'X-Webhook-Signature'];
  return [
    `curl -sS -w '\\n' -X POST '${url}'`,
    ...needed.map((name) => `-H '${name}: ${headers[name]}'`),
    `--data-binary '@${file}'`,
  ].join(' \\\n  ');
}
