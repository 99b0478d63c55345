import type { Router } from '@koa/router';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `scripts/copy-assets.ts` puts the files beside the compiled code. */
const DIRECTORY = join(__dirname, 'assets');
const style = readAsset('page.css');
const icon = readAsset('icon.svg');

/** The query changes with the content, so that browsers may keep a file for ever. */
export const assetUrls = { style: style.url, icon: icon.url };

/** The files of every page, which are no secret: the login page needs them too. */
export function addAssets(router: Router): void {
  for (const { path, type, content } of [style, icon]) {
    router.get(path, (ctx) => {
      ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.type = type;
      ctx.body = content;
    });
  }
}

function readAsset(name: string) {
  const content = readFileSync(join(DIRECTORY, name));
  const version = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  const path = `/${name}`;
  return { path, url: `${path}?v=${version}`, type: name.replace(/^.*\./, '.'), content };
}
