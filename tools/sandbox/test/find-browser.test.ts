import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../process/find-browser';

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'find-browser-test-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const install = (name: string) =>
  writeFileSync(join(directory, name), '#!/bin/sh\n', { mode: 0o755 });
const find = () => findBrowser({ PATH: directory });

describe('findBrowser', () => {
  it('takes Chromium, though Chrome is there too', () => {
    install('google-chrome');
    install('chromium');

    expect(find()).toBe(join(directory, 'chromium'));
  });

  it('takes Chrome where there is no Chromium, as on Ubuntu', () => {
    install('google-chrome');

    expect(find()).toBe(join(directory, 'google-chrome'));
  });

  it('says how to get one', () => {
    expect(find).toThrow('chromium or google-chrome is missing: run `sh .ci/install-interop`');
  });
});
