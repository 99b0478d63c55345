// Tells by modes alone whether users other than root and the owner can use files.
import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The directory that keeps others from `path`, if one does. */
export function closedDirectory(path: string): string | undefined {
  const above = dirname(path);
  const closed = above === path ? undefined : closedDirectory(above);
  return closed ?? (statSync(path).mode & 0o001 ? undefined : path);
}

/** The tree itself where all can use it, and otherwise a copy that they can, made at `copy`. */
export function withinReach(tree: string, copy: string): string {
  if (closedDirectory(tree) === undefined && isOpenThroughout(tree)) return tree;
  copyOpen(tree, copy);
  return copy;
}

function isOpenThroughout(path: string): boolean {
  const stats = lstatSync(path);
  if (!isOpen(stats.mode)) return false;
  return !stats.isDirectory() || readdirSync(path).every((it) => isOpenThroughout(join(path, it)));
}

function isOpen(mode: number): boolean {
  return (rightsOfOwner(mode) & ~mode) === 0;
}

/** To read and to execute: others never need to write. */
function rightsOfOwner(mode: number): number {
  return (mode >> 6) & 0o5;
}

function copyOpen(source: string, target: string): void {
  const stats = lstatSync(source);
  if (stats.isSymbolicLink()) return symlinkSync(readlinkSync(source), target);
  if (stats.isDirectory()) {
    mkdirSync(target);
    for (const name of readdirSync(source)) copyOpen(join(source, name), join(target, name));
  } else {
    if (isOpen(stats.mode) && linked(source, target)) return;
    copyFileSync(source, target);
  }
  const rights = rightsOfOwner(stats.mode);
  chmodSync(target, stats.mode | (rights << 3) | rights);
}

/** A second name costs no time and no room, but is not to be had on every file system. */
function linked(source: string, target: string): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch {
    return false;
  }
}
