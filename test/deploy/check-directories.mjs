// Reads [directory] from standard input, prints the faults of each as JSON: one start for all.
import { json } from 'node:stream/consumers';
import { checkDirectory } from '../../scripts/deploy-rules/check-directory.mjs';

process.stdout.write(JSON.stringify((await json(process.stdin)).map(checkDirectory)));
