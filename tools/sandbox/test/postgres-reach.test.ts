import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { closedDirectory, withinReach } from '../postgres/postgres-reach';

let directory: string;
let clone: string;
let tree: string;
let copy: string;

beforeEach(() => {
  // Not os.tmpdir(), which on macOS is closed to other users.
  directory = mkdtempSync('/tmp/postgres-reach-test-');
  clone = join(directory, 'clone');
  tree = join(clone, 'native');
  copy = join(directory, 'copy');
  mkdirSync(join(tree, 'bin'), { recursive: true });
  mkdirSync(join(tree, 'lib'));
  writeFileSync(join(tree, 'bin/initdb'), 'initdb');
  writeFileSync(join(tree, 'lib/libpq.so.5'), 'libpq');
  symlinkSync('libpq.so.5', join(tree, 'lib/libpq.so'));
  chmodSync(join(tree, 'lib/libpq.so.5'), 0o644);
  for (const path of ['..', '.', 'native', 'native/bin', 'native/lib', 'native/bin/initdb'])
    chmodSync(join(clone, path), 0o755);
});

afterEach(() => rmSync(directory, { recursive: true }));

const modeOf = (path: string): number => lstatSync(path).mode & 0o777;

describe('closedDirectory', () => {
  it('is none where others can pass', () => {
    chmodSync(clone, 0o711);

    expect(closedDirectory(tree)).toBeUndefined();
  });

  it('is the first that they cannot pass', () => {
    chmodSync(clone, 0o750);
    chmodSync(tree, 0o700);

    expect(closedDirectory(tree)).toBe(clone);
  });
});

describe('withinReach', () => {
  it('is the tree itself where others can use all of it', () => {
    expect(withinReach(tree, copy)).toBe(tree);
  });

  it.each([
    ['the way to it', '.', 0o700],
    ['a directory', 'native/lib', 0o711],
    ['a program', 'native/bin/initdb', 0o744],
    ['a library', 'native/lib/libpq.so.5', 0o600],
  ])('is a copy that they can use where they cannot use %s', (_, path, mode) => {
    chmodSync(join(clone, path), mode);

    const reached = withinReach(tree, copy);

    expect(reached).toBe(copy);
    expect(
      ['bin', 'bin/initdb', 'lib', 'lib/libpq.so.5'].map((it) => modeOf(join(copy, it))),
    ).toEqual([0o755, 0o755, 0o755, 0o644]);
    expect(readFileSync(join(copy, 'bin/initdb'), 'utf8')).toBe('initdb');
    expect(readlinkSync(join(copy, 'lib/libpq.so'))).toBe('libpq.so.5');
    expect(modeOf(join(clone, path))).toBe(mode);
  });
});
