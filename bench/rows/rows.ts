import { historyRow } from './history';
import type { Row } from './row';
import { throughputRow } from './throughput';

/** In the order of the table. */
export const rows: readonly Row[] = [throughputRow, historyRow];
