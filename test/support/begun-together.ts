export type Row = [title: string, expectEnd: () => Promise<void>];

/**
 * Rows of tests that each wait until a time limit: the first that is asked for its end begins all of
 * them, however many Jest would run concurrently.
 */
export function begunTogether(rows: Row[]): Row[] {
  let ends: Promise<void>[] | undefined;
  const begin = () => {
    const begun = rows.map(([, expectEnd]) => expectEnd());
    // The test of each row reports its failure.
    void Promise.allSettled(begun);
    return begun;
  };
  return rows.map(([title], index) => [title, async () => (ends ??= begin())[index]]);
}
