// Which code may import which, and which may use the process. The tables are data; every message says
// what to do instead.
import { dynamicImports } from './dynamic-imports.mjs';
import { folders } from './folders.mjs';
import { packageBlocks } from './packages.mjs';
import { processBlocks } from './process.mjs';

export const boundaries = [folders, ...packageBlocks, ...processBlocks, ...dynamicImports];
