/** The provider's JSON, as docs.boltroute.ai gives it. */

export type UploadStatus = 'processing' | 'completed' | 'failed';

export interface ProviderFile {
  upload_id: string;
  task_id: string;
  filename: string;
  email_count: number;
  status: UploadStatus;
  created_at: string;
  updated_at: string;
}

export interface ProviderJob {
  id: string;
  task_id: string;
  email_id: string;
  email_address: string;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  email: Record<string, string | boolean>;
  created_at: string;
  updated_at: string;
}

export interface ProviderMetrics {
  total_email_addresses: number;
  job_status: Record<ProviderJob['status'], number>;
  progress: number;
  progress_percent: number;
  verification_status: Record<string, number>;
  last_verification_requested_at: string;
  last_verification_completed_at: string | null;
}

export interface ProviderTask {
  id: string;
  /** Left out for uploads made with an admin's key. */
  user_id?: string;
  webhook_url?: string;
  file_name: string;
  is_file_backed: boolean;
  file: ProviderFile | null;
  source: string;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  finished_at: string | null;
  metrics: ProviderMetrics;
  jobs: ProviderJob[];
}

export interface ProviderError {
  error: { code: string; message: string; details?: { field: string; reason: string }[] };
}
