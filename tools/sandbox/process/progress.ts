/** Reports steps that take long. */
export type Progress = (line: string) => void;

export const progressOnStderr: Progress = (line) => {
  process.stderr.write(`${line}\n`);
};
