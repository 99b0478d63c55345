import { type Provider, startProvider } from '../../sandbox/provider/provider';
import { servePart } from '../part/serve-part';
import { OUTAGE_PREFIX } from './outage-prefix';

/** What look-ups come to by themselves when an outage lasts. */
const RETRY_AFTER_SECONDS = 600;

export interface Tasks {
  taskIds: string[];
  userId: string;
}

let provider: Provider;

const calls = {
  async start() {
    provider = await startProvider();
    provider.fail({
      path: new RegExp(`/${OUTAGE_PREFIX}`),
      status: 503,
      retryAfter: RETRY_AFTER_SECONDS,
    });
    const { baseUrl, adminKey } = provider;
    return { baseUrl, adminKey };
  },
  add({ taskIds, userId }: Tasks) {
    for (const id of taskIds) provider.addTask({ id, user_id: userId });
  },
  /** Number of tasks whose look-up has failed. */
  failed: () =>
    new Set(provider.requests.flatMap(({ status, path }) => (status === 503 ? [path] : []))).size,
};
export type ProviderCalls = typeof calls;

servePart(calls);
