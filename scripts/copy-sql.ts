import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const FUNCTIONS = join('src', 'clients', 'postgres', 'functions');
const ROOT = join(__dirname, '..', '..');

/** Puts the ledger's functions beside the compiled code that installs them. */
function copySql(): void {
  const target = join(ROOT, 'dist', FUNCTIONS);
  rmSync(target, { recursive: true, force: true });
  cpSync(join(ROOT, FUNCTIONS), target, { recursive: true });
}

copySql();
