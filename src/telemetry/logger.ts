import pino from 'pino';
import { maskAddresses } from '../../workflows/core/mask-addresses';

export type Logger = pino.Logger;

const LEVELS = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
} as const;

export type LogLevel = keyof typeof LEVELS;

/** One JSON line per event, named by `event`; addresses are masked in every field that may hold one. */
export function createLogger(
  level: LogLevel,
  destination: pino.DestinationStream = pino.destination({ sync: true }),
): Logger {
  return pino(
    {
      level: LEVELS[level],
      base: undefined,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, message: maskAddresses, reply: maskAddresses },
    },
    destination,
  );
}

/** Type and message of an error and its causes, without stacks, because a frame may quote input. */
function describeError(err: unknown): unknown {
  if (!(err instanceof Error)) return maskAddresses(String(err));
  const { type, code } = err as { type?: unknown; code?: unknown };
  return {
    type: typeof type === 'string' ? type : err.name,
    message: maskAddresses(err.message),
    ...(code === undefined ? {} : { code }),
    ...(err.cause === undefined ? {} : { cause: describeError(err.cause) }),
  };
}
