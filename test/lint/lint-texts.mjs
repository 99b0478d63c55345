// Reads [{ path, code, typed }] from standard input, prints the messages of each as JSON.
// A separate process, since ESLint loads its configuration by import(), which Jest's CommonJS lacks.
import { json } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const cwd = new URL('../..', import.meta.url).pathname;
const typed = new ESLint({ cwd });
const untyped = new ESLint({ cwd, overrideConfig: tseslint.configs.disableTypeChecked });

const found = [];
for (const text of await json(process.stdin)) {
  const linter = text.typed ? typed : untyped;
  const [result] = await linter.lintText(text.code, { filePath: text.path });
  found.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(found));
