import { type Provider, startProvider } from '../../sandbox/provider/provider';
import { servePart } from '../part/serve-part';

let provider: Provider;

const calls = {
  async start() {
    provider = await startProvider();
    const { baseUrl, adminKey } = provider;
    return { baseUrl, adminKey };
  },
  add(taskIds: string[]) {
    for (const id of taskIds) provider.addTask({ id });
  },
};
export type ProviderCalls = typeof calls;

servePart(calls);
