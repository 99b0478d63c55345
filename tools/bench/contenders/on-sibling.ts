import type { Figure } from '../rows/row';
import type { Contender } from './contender';

/** What is measured on a sibling with these variables, which is closed afterwards; nothing without one. */
export async function onSibling(
  { sibling }: Contender,
  environment: Record<string, string>,
  measure: (contender: Contender) => Promise<Figure[]>,
): Promise<Figure[]> {
  const contender = await sibling?.(environment);
  return contender ? measure(contender).finally(() => contender.close()) : [];
}
