const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Until the relay accepts the first byte of the message. */
export const beforeBodyTimeoutMs = 90 * SECOND;
/** Without a byte in either direction: RFC 5321 §4.5.3.2.6 asks for 10 minutes after the final dot. */
export const relaySilenceTimeoutMs = 10 * MINUTE;
/** For the message itself, which a relay may take byte by byte without ever being silent. */
const bodyTimeoutMs = MINUTE;

/** A whole send. Every other limit below must outlast it, so that no submitted message is cut off. */
export const sendTimeoutMs = beforeBodyTimeoutMs + bodyTimeoutMs + relaySilenceTimeoutMs;

/** For one of the worker's connections to the relay to be free. */
export const turnTimeoutMs = 30 * SECOND;

/** It also waits for its turn, and records the claim before the send and the outcome after it. */
const attemptTimeoutMs = turnTimeoutMs + sendTimeoutMs + 3.5 * MINUTE;

/** The attempt before, which Temporal gave up, may have to end first in the same worker. */
export const sendActivityTimeoutMs = 2 * attemptTimeoutMs;

/** A worker that was told to stop finishes what it has submitted. */
export const shutdownTimeoutMs = sendTimeoutMs + 30 * SECOND;

/** The container of a worker may be killed after this: docker-compose.yml, docs/operations.md. */
export const stopGracePeriodMs = shutdownTimeoutMs + MINUTE;
