/** The code of a complete reply; undefined unless all its lines have the same (RFC 5321 §4.2). */
export function replyCode(response: string | undefined): number | undefined {
  const codes = response
    ?.split('\n')
    .map((line) => /^([2-5]\d\d)(?![^ -])/.exec(line.trimEnd())?.[1]);
  const [first] = codes ?? [];
  return first && codes?.every((code) => code === first) ? Number(first) : undefined;
}
