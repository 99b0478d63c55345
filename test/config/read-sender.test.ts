import { padded, worker, workerFaults } from '../support/configuration';

const NO_ADDRESSES =
  'must be an e-mail address, or several with commas between; a name with a comma needs quotes';

describe('readSender', () => {
  it.each<[string, string, string]>([
    ['SMTP_FROM_EMAIL', 'noreply', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', 'a@x.example, b@x.example', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', 'Name <a@x.example>', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', '<a@x.example>', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', 'noreply@localhost', 'must be one e-mail address'],
    ['SMTP_REPLY_TO', 'support', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'büro@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example,', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example,,b@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example; b@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example\r\nBcc: b@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', '"Acme\r\nBcc: b@x.example" <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'Acme, Inc. <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', '"Acme, Inc. <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', '"Acme" Inc." <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'Support <a@x.example> <b@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'Team: a@x.example, b@x.example;', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'two words@x.example', NO_ADDRESSES],
  ])('refuses %s=%j', (name, value, message) => {
    const faults = workerFaults({ [name]: value });

    expect(faults).toEqual([`${name} ${message}`]);
  });

  it.each([
    'support@sender.example',
    'Support <support@sender.example>',
    'Support <support@sender.example>, help@sender.example',
    '"Acme, Inc." <support@sender.example>',
    '"Acme \\"A\\", Inc." <a@sender.example>,"B, C" <b@sender.example>',
    'Büro <office@bücher.example>',
  ])('accepts SMTP_REPLY_TO=%j', (value) => {
    const config = worker({ SMTP_REPLY_TO: padded(value) });

    expect(config.sender.replyTo).toBe(value);
  });

  const TEMPLATES = [
    'BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED',
    'BULK_UPLOAD_EMAIL_BODY_COMPLETED',
    'BULK_UPLOAD_EMAIL_SUBJECT_FAILED',
    'BULK_UPLOAD_EMAIL_BODY_FAILED',
  ];

  it.each(TEMPLATES)('refuses an unknown placeholder in %s', (name) => {
    const faults = workerFaults({ [name]: 'hunter2 {file}' });

    expect(faults).toEqual(
      [9, 14].map((at) => expect.stringContaining(`${name} has a brace at character ${at}`)),
    );
  });

  it.each([
    ['an attribute', '{file_name.__class__}'],
    ['an index', '{file_name[0]}'],
    ['a conversion', '{file_name!r}'],
    ['a format', '{email_count:5d}'],
    ['nothing', '{}'],
    ['a blank', '{ file_name }'],
    ['a lone brace', 'a { b'],
  ])('refuses a template with %s', (_what, template) => {
    const faults = workerFaults({ BULK_UPLOAD_EMAIL_BODY_FAILED: template });

    expect(faults[0]).toContain('BULK_UPLOAD_EMAIL_BODY_FAILED has a brace at character');
  });

  it('refuses a template of nothing but line ends', () => {
    const faults = workerFaults({ BULK_UPLOAD_EMAIL_BODY_FAILED: '\\n \\n' });

    expect(faults).toEqual(['BULK_UPLOAD_EMAIL_BODY_FAILED is blank']);
  });

  it('accepts doubled braces as literal braces', () => {
    const faults = workerFaults({ BULK_UPLOAD_EMAIL_BODY_FAILED: '{{file}} {file_name}' });

    expect(faults).toEqual([]);
  });
});
