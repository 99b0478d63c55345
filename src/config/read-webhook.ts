import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const webhook = describeVariables('Webhook', {
  WEBHOOK_SECRET_KEY: {
    schema: value.verbatim.optional(),
    secret: true,
    otherwise: 'none: signatures are not checked',
    about:
      'Key of the webhook signature. Without it a webhook only makes the worker ask the provider, ' +
      'whose answer decides on user, outcome and counts.',
  },
  WEBHOOK_SECRET_KEY_PREVIOUS: {
    schema: value.verbatim.optional(),
    secret: true,
    about: 'The previous key, accepted as well while it is being replaced.',
  },
  WEBHOOK_SIGNATURE_REQUIRED: {
    schema: value.yesOrNo.default(false),
    about: 'Whether to refuse to start without `WEBHOOK_SECRET_KEY`. The image sets it to true.',
  },
  PUBLIC_BASE_URL: {
    schema: value.httpUrl.optional(),
    about:
      'URL under which the internet reaches the API. The log shows at start which webhook URL to ' +
      'give to the provider.',
  },
});

export function readWebhook(reader: EnvironmentReader) {
  return {
    publicBaseUrl: reader.read(webhook.PUBLIC_BASE_URL),
    webhookSecrets: readSecrets(reader),
  };
}

/** The secrets that a signature may be made with: the current one first. */
function readSecrets({ read, fault }: EnvironmentReader): string[] {
  const current = read(webhook.WEBHOOK_SECRET_KEY);
  const previous = read(webhook.WEBHOOK_SECRET_KEY_PREVIOUS);
  const required = read(webhook.WEBHOOK_SIGNATURE_REQUIRED);
  if (!current && required) fault('WEBHOOK_SECRET_KEY', 'is missing, and signatures are required');
  if (!current && previous) fault('WEBHOOK_SECRET_KEY', 'is missing beside the previous one');
  return [current, previous].filter((secret) => secret !== undefined);
}
