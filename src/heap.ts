import { setFlagsFromString } from 'node:v8';

/**
 * Lets the heap double before it is marked again. By default V8 keeps the heap of a process that
 * allocates rarely and much to 1.1 of what lives: each large body then marks all of it, which takes
 * three times the CPU of parsing the body. V8 reads this flag each time that it sets the limit.
 */
export function markRarely(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
