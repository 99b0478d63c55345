import { templateFaults } from '../../activities/mail/mail-template';
import { describeVariables, optional, type Variable } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const email = describeVariables('Email', {
  SMTP_FROM_EMAIL: {
    schema: value.address,
    about: 'Envelope sender and address in From.',
  },
  SMTP_FROM_NAME: {
    schema: value.line,
    about: 'Display name in From.',
  },
  SMTP_REPLY_TO: {
    schema: value.addressList,
    about:
      'Where replies go: `a@x.example`, `"Acme, Inc." <a@x.example>`, or several of them, separated ' +
      'by commas.',
  },
  BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED: {
    schema: value.template,
    about: 'Subject when the upload was verified.',
  },
  BULK_UPLOAD_EMAIL_BODY_COMPLETED: {
    schema: value.template,
    about: 'Text when the upload was verified.',
  },
  BULK_UPLOAD_EMAIL_SUBJECT_FAILED: {
    schema: value.template,
    about: 'Subject when the verification failed.',
  },
  BULK_UPLOAD_EMAIL_BODY_FAILED: {
    schema: value.template,
    about: 'Text when the verification failed.',
  },
});

/** The domains whose DNS must allow the mail and take the answers to it. */
export function readSenderAddresses({ read }: EnvironmentReader) {
  return { from: read(email.SMTP_FROM_EMAIL), replyTo: read(email.SMTP_REPLY_TO) };
}

export function readSender(reader: EnvironmentReader) {
  const { read } = reader;
  const name = read(email.SMTP_FROM_NAME);
  const { from: address, replyTo } = readSenderAddresses(reader);
  const template = (variable: Variable<typeof value.template>) => readTemplate(reader, variable);
  return {
    from: { name, address },
    replyTo,
    templates: {
      completed: {
        subject: template(email.BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED),
        body: template(email.BULK_UPLOAD_EMAIL_BODY_COMPLETED),
      },
      failed: {
        subject: template(email.BULK_UPLOAD_EMAIL_SUBJECT_FAILED),
        body: template(email.BULK_UPLOAD_EMAIL_BODY_FAILED),
      },
    },
  };
}

/** For a process that only shows emails: undefined if none of the variables is set. */
export function readSenderIfGiven(reader: EnvironmentReader) {
  const variables = Object.values<Variable>(email);
  if (variables.some((variable) => reader.isSet(variable))) return readSender(reader);
  variables.forEach((variable) => reader.read(optional(variable, 'no preview of emails')));
  return undefined;
}

function readTemplate(
  { read, fault }: EnvironmentReader,
  variable: Variable<typeof value.template>,
): string {
  const template = read(variable);
  if (template !== undefined) {
    templateFaults(template).forEach((text) => fault(variable.name, text));
  }
  return template;
}
