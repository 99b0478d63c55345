import type { ChildProcess } from 'node:child_process';
import type { Answer } from './guardian';

/** What the guardian answers next; only while that is awaited does it keep this process alive. */
export function nextAnswer<Running>(child: ChildProcess): Promise<Running | undefined> {
  child.ref();
  child.channel?.ref();
  return new Promise<Running | undefined>((resolve, reject) => {
    const onMessage = (answer: Answer<Running>): void => {
      child.off('exit', onExit);
      if ('failed' in answer) reject(new Error(answer.failed));
      else resolve(answer.running);
    };
    const onExit = (): void => {
      child.off('message', onMessage);
      reject(new Error(`${child.spawnargs[1]} ended`));
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
    if (hasEnded(child)) onExit();
  }).finally(() => {
    child.unref();
    child.channel?.unref();
  });
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
