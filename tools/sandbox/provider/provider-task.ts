import { randomUUID } from 'node:crypto';
import type { ProviderFile, ProviderMetrics, ProviderTask, UploadStatus } from './provider-shapes';
import { providerTime } from './provider-time';
import { verificationJob } from './verification-job';

/** What a task should differ in from a file of three addresses that has been verified. */
export type TaskOverrides = Partial<Omit<ProviderTask, 'file'>> & {
  file?: Partial<ProviderFile> | null;
};

/** More jobs in the detail would only be slow. */
const JOBS_SHOWN = 10;

export function createTask({ file: fileOverrides, ...overrides }: TaskOverrides): ProviderTask {
  const id = overrides.id ?? randomUUID();
  const time = providerTime();
  const file: ProviderFile | null =
    fileOverrides === null
      ? null
      : {
          upload_id: randomUUID(),
          task_id: id,
          filename: 'leads.csv',
          email_count: 3,
          status: 'completed',
          created_at: time,
          updated_at: time,
          ...fileOverrides,
        };
  const status = file?.status ?? 'completed';
  const count = file?.email_count ?? 3;
  const task: ProviderTask = {
    id,
    user_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    file_name: file?.filename ?? '',
    is_file_backed: file !== null,
    file,
    source: 'frontend',
    created_at: time,
    updated_at: time,
    started_at: time,
    finished_at: null,
    metrics: toMetrics(count, status, time),
    jobs: Array.from({ length: Math.min(count, JOBS_SHOWN) }, (_, i) =>
      verificationJob(id, i, 'valid', time),
    ),
  };
  return { ...withStatus(task, status), ...overrides };
}

/** The task as it is when its file gets this status, now. */
export function withStatus(task: ProviderTask, status: UploadStatus): ProviderTask {
  const time = providerTime();
  return {
    ...task,
    file: task.file && { ...task.file, status, updated_at: time },
    updated_at: time,
    finished_at: status === 'processing' ? null : time,
    metrics: toMetrics(task.metrics.total_email_addresses, status, task.created_at),
  };
}

function toMetrics(count: number, status: UploadStatus, requestedAt: string): ProviderMetrics {
  const final = status !== 'processing';
  const failed = status === 'failed' ? Math.min(count, 1) : 0;
  return {
    total_email_addresses: count,
    job_status: {
      pending: 0,
      processing: final ? 0 : count,
      completed: final ? count - failed : 0,
      failed,
    },
    progress: final ? 1 : 0,
    progress_percent: final ? 100 : 0,
    verification_status: {
      valid: final ? count - failed : 0,
      invalid: 0,
      catchall: 0,
      invalid_syntax: 0,
      disposable_domain: 0,
      unknown: failed,
      role_based: 0,
      disposable_domain_emails: 0,
    },
    last_verification_requested_at: requestedAt,
    last_verification_completed_at: final ? providerTime() : null,
  };
}
