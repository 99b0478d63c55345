import { displayFileName } from './file-name';
import type { Notification } from '../../workflows/core/decision';
import type { Outcome } from '../../workflows/core/outcome';

export type MailTemplates = Record<Outcome, { subject: string; body: string }>;

const SUBJECT_NAME_GRAPHEMES = 100;
const BODY_NAME_GRAPHEMES = 255;

/** Doubled braces are literal ones and `\n` is a newline, as in the templates of the service before. */
const TOKENS = /\{\{|\}\}|\{file_name\}|\{email_count\}|\\n|[{}]/g;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

type Filling = Pick<Notification, 'emailCount'> & { fileName: string };

export function renderMail(
  templates: MailTemplates,
  { outcome, fileName, emailCount }: Pick<Notification, 'outcome' | 'fileName' | 'emailCount'>,
): { subject: string; text: string } {
  const { subject, body } = templates[outcome];
  const named = (maxGraphemes: number) => ({
    fileName: isolate(displayFileName(fileName, maxGraphemes)),
    emailCount,
  });
  return {
    subject: oneLine(fill(subject, named(SUBJECT_NAME_GRAPHEMES))),
    text: fill(body, named(BODY_NAME_GRAPHEMES)),
  };
}

/** What is wrong with a template, each to be read after its name; never a part of its text. */
export function templateFaults(template: string): string[] {
  if (!template.replaceAll('\\n', '').trim()) return ['is blank'];
  return Array.from(template.matchAll(TOKENS))
    .filter(([token]) => token === '{' || token === '}')
    .map(
      ({ index }) =>
        `has a brace at character ${index + 1} that is no part of {file_name}, {email_count}, {{ or }}`,
    );
}

/** One pass: nothing inside a file name is read as a placeholder. */
function fill(template: string, { fileName, emailCount }: Filling): string {
  return template.replace(TOKENS, (token) => {
    switch (token) {
      case '{file_name}':
        return fileName;
      case '{email_count}':
        return String(emailCount);
      case '\\n':
        return '\n';
      default:
        return token.charAt(0);
    }
  });
}

function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, (run) => (/[\p{Cc}\u2028\u2029]/u.test(run) ? ' ' : run))
    .trim();
}

/** Keeps a right-to-left name from reordering the words around it. */
function isolate(fileName: string): string {
  return RIGHT_TO_LEFT.test(fileName) ? `\u2068${fileName}\u2069` : fileName;
}
