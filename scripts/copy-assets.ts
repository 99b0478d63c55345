import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** The ledger's functions, which `setup` installs, and the files of the page for support. */
const DIRECTORIES = [
  join('src', 'clients', 'postgres', 'functions'),
  join('src', 'admin', 'page', 'assets'),
];

/** Puts what the compiler does not know beside the compiled code that reads it. */
function copyAssets(): void {
  for (const directory of DIRECTORIES) {
    const target = join(ROOT, 'dist', directory);
    rmSync(target, { recursive: true, force: true });
    cpSync(join(ROOT, directory), target, { recursive: true });
  }
}

copyAssets();
