import { acknowledgementRow } from './acknowledgement';
import { historyRow } from './history';
import { largeBodyRow } from './large-body';
import { latencyRow } from './latency';
import { memoryRow } from './memory';
import { outageRow } from './outage';
import type { Row } from './row';
import { slowRelayRow } from './slow-relay';
import { startTimeRow } from './start-time';
import { storageRow } from './storage';
import { throughputRow } from './throughput';
import { tlsRow } from './tls';

/** In the order of the table. */
export const rows: readonly Row[] = [
  acknowledgementRow,
  throughputRow,
  tlsRow,
  latencyRow,
  slowRelayRow,
  largeBodyRow,
  outageRow,
  startTimeRow,
  historyRow,
  storageRow,
  memoryRow,
];
