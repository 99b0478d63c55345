// node upload.mjs FILE [COLUMN]: uploads a file as the user whose Supabase token is in TOKEN. COLUMN
// is the one with the addresses (a letter, or a number from 1); a .txt file has none.
// Needs TOKEN, and PUBLIC_BASE_URL (where the API answers).
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

const [path, column] = process.argv.slice(2);
const { TOKEN, PUBLIC_BASE_URL } = process.env;
const name = basename(path);

const form = new FormData();
form.set('file_metadata', JSON.stringify([{ file_name: name, email_column: column }]));
form.append('files', new Blob([await readFile(path)]), name);

// fetch writes the Content-Type of a form itself, with its boundary.
const response = await fetch(`${PUBLIC_BASE_URL}/api/tasks/upload`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${TOKEN}` },
  body: form,
});

console.log(await response.text());
// 207: some of the files were taken. Each entry of the list has a task_id, or an error.
process.exitCode = response.status === 200 ? 0 : 1;
