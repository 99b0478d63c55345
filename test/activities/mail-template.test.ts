import fc from 'fast-check';
import {
  type MailTemplates,
  renderMail,
  templateFaults,
} from '../../activities/mail/mail-template';

const upload = { outcome: 'completed', fileName: 'customers.csv', emailCount: 1200 } as const;

function templates(subject: string, body = 'Body'): MailTemplates {
  return { completed: { subject, body }, failed: { subject: 'Failed', body: 'Failed body' } };
}

const renderSubject = (template: string, fileName: string = upload.fileName) =>
  renderMail(templates(template), { ...upload, fileName }).subject;
const renderText = (template: string, fileName: string = upload.fileName) =>
  renderMail(templates('Subject', template), { ...upload, fileName }).text;

describe('renderMail', () => {
  it('fills in both placeholders, as often as they come', () => {
    expect(renderText('{file_name}: {email_count} of {email_count}')).toBe(
      'customers.csv: 1200 of 1200',
    );
  });

  it("takes the outcome's templates", () => {
    expect(renderMail(templates('Done'), { ...upload, outcome: 'failed' })).toEqual({
      subject: 'Failed',
      text: 'Failed body',
    });
  });

  it.each([
    ['{{file_name}}', '{file_name}'],
    ['{{{file_name}}}', '{customers.csv}'],
    ['{{{{', '{{'],
    ['a }} b {{ c', 'a } b { c'],
    ['{{{email_count}', '{1200'],
  ])('reads the braces of %j as str.format does', (template, text) => {
    expect(renderText(template)).toBe(text);
  });

  it.each([
    ['a\\nb', 'a\nb'],
    ['a\\n\\nb', 'a\n\nb'],
    ['a\nb', 'a\nb'],
    ['a\\\\nb', 'a\\\nb'],
    ['a\\tb', 'a\\tb'],
  ])('breaks the lines of the body %j', (template, text) => {
    expect(renderText(template)).toBe(text);
  });

  it.each([
    ['a\\nb', 'a b'],
    ['a \\n\\n b', 'a b'],
    ['a\r\nb\tc', 'a b c'],
    ['\\na\\n', 'a'],
  ])('keeps the subject %j on one line', (template, subject) => {
    expect(renderSubject(template)).toBe(subject);
  });

  it.each(['{email_count}', '{{x}}', '$&', "$'", '$1', '\\n', '{file_name}', '100%s'])(
    'expands nothing in a file named %j',
    (fileName) => {
      expect(renderText('[{file_name}]', fileName)).toBe(`[${fileName}]`);
      expect(renderSubject('[{file_name}]', fileName)).toBe(`[${fileName}]`);
    },
  );

  it('shortens the file name to 100 graphemes in the subject and 255 in the body', () => {
    const fileName = 'x'.repeat(1000);
    expect(renderSubject('{file_name}', fileName)).toHaveLength(100);
    expect(renderText('{file_name}', fileName)).toHaveLength(255);
  });

  it('keeps a right-to-left name from reordering its surroundings', () => {
    expect(renderText('{file_name} (3)', 'عملاء.csv')).toBe('\u2068عملاء.csv\u2069 (3)');
  });

  it('puts any file name on one line of the subject, in its place', () => {
    const anyName = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(anyName, (fileName) => {
        const subject = renderSubject('[{file_name}] {email_count}', fileName);
        expect(subject).toMatch(/^\[[^\p{Cc}\u2028\u2029]+\] 1200$/u);
      }),
    );
  });
});

describe('templateFaults', () => {
  it.each([
    'Done',
    '{file_name}',
    'Done: {file_name} has {email_count} addresses\\nBye',
    '{{literal}}',
    '{{{file_name}}}',
    'tabs\\t and \\\\ stay',
  ])('finds none in %j', (template) => {
    expect(templateFaults(template)).toEqual([]);
  });

  it.each([
    '{}',
    '{0}',
    '{name}',
    '{ file_name }',
    '{FILE_NAME}',
    '{file_name!r}',
    '{file_name:>10}',
    '{file_name.__class__}',
    '{file_name[0]}',
    '{email_count:,}',
    '{file_name',
    'file_name}',
    '{{file_name}',
    '{file_name}}',
    '{',
    '}',
    '{{}',
    '{{{}}}',
    '{file\\n_name}',
  ])('finds one in %j', (template) => {
    expect(templateFaults(template)).not.toEqual([]);
  });

  it.each(['', '  ', '\n', '\\n', ' \\n\\n '])('finds that %j is blank', (template) => {
    expect(templateFaults(template)).toEqual(['is blank']);
  });

  it('says where, and nothing of the text', () => {
    expect(templateFaults('secret {password}')).toEqual([
      expect.stringContaining('at character 8'),
      expect.stringContaining('at character 17'),
    ]);
    expect(templateFaults('secret {password}').join()).not.toMatch(/secret|password/);
  });
});
