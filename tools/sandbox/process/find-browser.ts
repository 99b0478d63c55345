import { findOnPath } from './find-on-path';

/** As Debian and Google name it; Ubuntu has Chromium only as a snap. */
const BROWSERS = ['chromium', 'google-chrome'];

/** The path of a browser that Playwright can drive. */
export function findBrowser(env: NodeJS.ProcessEnv): string {
  for (const name of BROWSERS) {
    const path = findOnPath(name, env);
    if (path !== undefined) return path;
  }
  throw new Error(`${BROWSERS.join(' or ')} is missing: run \`sh .ci/install-interop\` as root`);
}
