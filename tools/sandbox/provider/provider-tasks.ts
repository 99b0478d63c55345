import type { ProviderTask, UploadStatus } from './provider-shapes';
import { createTask, type TaskOverrides, withStatus } from './provider-task';

export type FinalStatus = Exclude<UploadStatus, 'processing'>;

/** How a processing task ends by itself. */
export interface TaskEnd {
  afterMs: number;
  status?: FinalStatus;
}

export interface ProviderTasks {
  add: (overrides?: TaskOverrides, end?: TaskEnd) => ProviderTask;
  /** The task as it is now. */
  find: (taskId: string) => ProviderTask | undefined;
  findByUpload: (uploadId: string) => ProviderTask | undefined;
  setStatus: (taskId: string, status: UploadStatus) => void;
  /** Leaves no timer. */
  stop: () => void;
  /** Ends the tasks that have become due since. */
  start: () => void;
}

interface PlannedEnd {
  at: number;
  status: FinalStatus;
  timer?: NodeJS.Timeout;
}

/** Tells of each task that was processing and is final now. */
export function createProviderTasks(onFinal: (task: ProviderTask) => void): ProviderTasks {
  const tasks = new Map<string, ProviderTask>();
  const ends = new Map<string, PlannedEnd>();
  let running = true;

  function setStatus(taskId: string, status: UploadStatus) {
    const task = tasks.get(taskId);
    if (!task) throw new Error(`no task ${taskId} at the provider`);
    clearTimeout(ends.get(taskId)?.timer);
    ends.delete(taskId);
    const changed = withStatus(task, status);
    tasks.set(taskId, changed);
    if (task.file?.status === 'processing' && status !== 'processing') onFinal(changed);
  }

  function plan(taskId: string, end: PlannedEnd) {
    ends.set(taskId, end);
    if (!running) return;
    const left = Math.max(0, end.at - performance.now());
    end.timer = setTimeout(() => setStatus(taskId, end.status), left);
  }

  /** A task whose time has come is final, even if its timer is late. */
  function find(taskId: string) {
    const end = ends.get(taskId);
    if (end && end.at <= performance.now()) setStatus(taskId, end.status);
    return tasks.get(taskId);
  }

  return {
    setStatus,
    find,
    add(overrides = {}, end) {
      const task = createTask(overrides);
      tasks.set(task.id, task);
      if (end) {
        plan(task.id, {
          at: performance.now() + end.afterMs,
          status: end.status ?? 'completed',
        });
      }
      return task;
    },
    findByUpload(uploadId) {
      for (const task of tasks.values()) {
        if (task.file?.upload_id === uploadId) return find(task.id);
      }
      return undefined;
    },
    stop() {
      running = false;
      ends.forEach(({ timer }) => clearTimeout(timer));
    },
    start() {
      running = true;
      ends.forEach((end, taskId) => plan(taskId, end));
    },
  };
}
