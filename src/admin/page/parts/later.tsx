const MARK = '<template id="later"></template>';

/** Where markup is to be put that takes longer than the page. Text is escaped, so it is unique. */
export const Later = () => <template id="later" />;

/** The page up to the mark, what comes later, and the rest: a browser shows each as it arrives. */
export async function* withLater(page: string, later: Promise<string>): AsyncGenerator<string> {
  const [before = '', after = ''] = page.split(MARK);
  yield before;
  yield await later;
  yield after;
}
