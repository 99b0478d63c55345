import type { Options } from './command';

export const REVEAL_OPTION = {
  reveal: { type: 'boolean', about: 'show addresses whole' },
} satisfies Options;
