import { acknowledgementRow } from './acknowledgement';
import { burstRow } from './burst';
import { farRelayRow } from './far-relay';
import { historyRow } from './history';
import { largeBodyRow } from './large-body';
import { latencyRow } from './latency';
import { memoryRow } from './memory';
import { operatorRow } from './operator';
import { outageRow } from './outage';
import { providerOutageRow } from './provider-outage';
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
  farRelayRow,
  slowRelayRow,
  largeBodyRow,
  outageRow,
  startTimeRow,
  historyRow,
  storageRow,
  burstRow,
  providerOutageRow,
  memoryRow,
  operatorRow,
];
