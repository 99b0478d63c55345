import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, Calls } from './serve-part';

type Argument<Call> = Call extends (argument: infer A) => unknown ? A : never;
type Result<Call> = Call extends (argument: never) => infer R ? Awaited<R> : never;

/** A process of its own, so that its CPU is measured separately. */
export interface Part<C extends Calls> {
  pid: number;
  call<Name extends keyof C & string>(
    name: Name,
    argument: Argument<C[Name]>,
  ): Promise<Result<C[Name]>>;
  close(): Promise<void>;
}

interface PartOptions {
  onEvent?: (event: never) => void;
}

/** Starts `script`: a file of bench/ that calls `servePart`, without its extension. */
export function startPart<C extends Calls>(script: string, { onEvent }: PartOptions = {}): Part<C> {
  const child = fork(join(__dirname, '..', `${script}.js`), { execArgv: [] });
  const open = new Map<number, (answer: Answer) => void>();
  let last = 0;
  let closing = false;

  child.on('message', (message: Answer | { event: never }) => {
    if ('event' in message) onEvent?.(message.event);
    else open.get(message.id)?.(message);
  });
  child.once('exit', (code, signal) => {
    const failed = `${script} ended (${signal ?? code})`;
    for (const [id, resolve] of open) resolve({ id, failed });
    if (!closing && open.size === 0) throw new Error(failed);
  });

  return {
    pid: child.pid as number,
    async call(name, argument) {
      const id = ++last;
      const answered = new Promise<Answer>((resolve) => open.set(id, resolve));
      child.send({ id, call: name, argument });
      const answer = await answered.finally(() => open.delete(id));
      if ('failed' in answer) throw new Error(`${script}: ${answer.failed}`);
      return answer.result as never;
    },
    async close() {
      closing = true;
      await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
}
