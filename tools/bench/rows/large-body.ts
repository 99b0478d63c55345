import type { ParseCalls } from '../instruments/parse-part';
import { cpuMs } from '../measure/cpu';
import { startPart } from '../part/start-part';
import type { Row } from './row';

const JOBS = 10_000;
const PER_SECOND = 4;
const WEBHOOKS_MAX = 20;

/** A webhook of 10,000 jobs (about 6 MB): its CPU, and how long it blocks the event loop. */
export const largeBodyRow: Row = {
  key: 'large-body',
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, { service }, { runs }) {
    if (!service) return [];
    const { api } = service;
    const times = Math.min(runs, WEBHOOKS_MAX);
    const send = async () => api.send(await stage.newTasks(times), { perSecond: PER_SECOND }, JOBS);
    await send();
    const before = cpuMs([api.pid]);
    await send();
    const used = (cpuMs([api.pid]) - before) / times;
    const stall = await api.longestStall(send);
    const parser = startPart<ParseCalls>('instruments/parse-part');
    await parser.call('parse', { jobs: JOBS, times });
    const least = await parser.call('parse', { jobs: JOBS, times });
    await parser.close();
    return [
      { name: '10,000 jobs, CPU ms: API', value: used },
      { name: '10,000 jobs, CPU ms: HMAC, decode, JSON.parse', value: least },
      { name: '10,000 jobs, longest stall, ms: API', value: stall },
    ];
  },
};
