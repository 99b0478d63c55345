import { createLogger, type LogLevel } from '../../src/telemetry/logger';
import { openRecord } from './record';

export interface LogLine {
  level: string;
  time: string;
  event: string;
  [field: string]: unknown;
}

/** A logger, and the lines that it has written so far. */
export function capturedLogger(level: LogLevel = 'debug') {
  const written: string[] = [];
  const record = openRecord('log');
  const logger = createLogger(level, {
    write(text) {
      written.push(text);
      record(text);
    },
  });
  return {
    logger,
    /** All of them as they are. */
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as LogLine),
    events: () => written.map((line) => (JSON.parse(line) as LogLine).event),
  };
}
