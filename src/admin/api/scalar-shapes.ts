import { z } from 'zod';

export const instant = z.string().meta({ format: 'date-time' });
export const count = z.int().nonnegative();
export const outcome = z.enum(['completed', 'failed']);

export const page = {
  next_cursor: z
    .string()
    .optional()
    .meta({ description: '`cursor` of the next page; absent on the last' }),
};
