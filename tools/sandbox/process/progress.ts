/** Told of steps that take long enough for somebody to wonder. */
export type Progress = (line: string) => void;

export const progressOnStderr: Progress = (line) => {
  process.stderr.write(`${line}\n`);
};
