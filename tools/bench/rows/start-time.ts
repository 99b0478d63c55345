import type { Row } from './row';

/** From the spawn of a process until it is ready, without other load. */
export const startTimeRow: Row = {
  key: 'start-time',
  appliesTo: ({ name }) => name === 'ours',
  async measure(_stage, { service }) {
    if (!service) return [];
    return [
      { name: 'start ms: API', value: await service.startTime('api') },
      { name: 'start ms: worker', value: await service.startTime('worker') },
    ];
  },
};
