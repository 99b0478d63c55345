import { z } from 'zod';
import { workflowId } from '../../workflows/core/workflow-id';
import type { Outcome } from '../../workflows/core/outcome';

const PATTERN = /^(\d{1,16})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(completed|failed)$/;

/** Where the next page of a list begins. Clients pass it on as they got it. */
export const pageCursor = z.string().regex(PATTERN, 'is not a cursor of this list');

/** Of the items of a bulk resend. */
export const bulkItemCursor = z.string().regex(/^\d{1,18}$/, 'is not a cursor of this list');

/** The last notification of a page, by which the next one is found. */
export interface PagePosition {
  createdAtMicros: string;
  eventId: string;
}

export function writeCursor({ createdAtMicros, eventId }: PagePosition): string {
  const [, taskId, outcome] = eventId.split(':');
  return `${createdAtMicros}.${taskId}.${outcome}`;
}

/** Undefined for a text that is no cursor. */
export function readCursor(cursor: string): PagePosition | undefined {
  const [, createdAtMicros, taskId, outcome] = PATTERN.exec(cursor) ?? [];
  if (!createdAtMicros || !taskId || !outcome) return undefined;
  return { createdAtMicros, eventId: workflowId(taskId, outcome as Outcome) };
}
