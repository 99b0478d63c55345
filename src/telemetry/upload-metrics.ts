import type { Registry } from 'prom-client';
import { createCounter, valuesOf } from './create-counter';

/** Metrics of the upload route. */
export function createUploadMetrics(registry: Registry) {
  const uploads = createCounter(registry, {
    name: 'bulk_notify_uploads_total',
    help: 'Uploads by answer: accepted, partly_accepted, or the code of the error',
    labelNames: ['answer'],
    known: valuesOf('answer', ['accepted', 'partly_accepted']),
  });
  const unwatchedUploads = createCounter(registry, {
    name: 'bulk_notify_uploads_unwatched_total',
    help: 'Files that the provider accepted but that are not watched: if the webhook is lost, no email is sent',
  });
  return { uploads, unwatchedUploads };
}
