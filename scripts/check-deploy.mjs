// check-deploy.mjs [DIRECTORY]: checks the image and the services without a container engine and
// without a network. Prints each fault, and fails if there is one.
import { join, resolve } from 'node:path';
import { checkDirectory } from './deploy-rules/check-directory.mjs';

const faults = checkDirectory(resolve(process.argv[2] ?? join(import.meta.dirname, '..')));
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log('The image and the services have no faults.');
