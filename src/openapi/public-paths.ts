import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { linksToNotification } from '../admin/api/links';
import { fileMetadataEntry } from '../upload/file-metadata';
import { UPLOAD_PATH } from '../upload/route';
import { boltRouteFormat, webhookBody } from '../webhook/boltroute-format';
import { adminToken, json, refusals, TOKEN_CODES, UNAVAILABLE } from './answers';

const outcome = z.enum(['completed', 'failed']);

const webhook: ZodOpenApiOperationObject = {
  ...{ operationId: 'receiveWebhook', summary: "BoltRoute's webhook", tags: ['public'] },
  description:
    'Whatever is signed and a JSON object is answered 200; `processed` tells whether it started a notification.',
  security: [{ webhookSignature: [] }],
  requestParams: {
    header: z.object({
      Prefer: z
        .string()
        .optional()
        .meta({ description: '`wait=N` waits N seconds, 30 at most, until it has settled' }),
    }),
  },
  requestBody: { content: { 'application/json': { schema: webhookBody } } },
  responses: {
    200: json(
      z.object({
        received: z.literal(true),
        processed: z.boolean(),
        reason: z.string().optional(),
        task_id: z.string().optional(),
        outcome: outcome.optional(),
        workflow_id: z.string().optional(),
        file_name: z.string().optional(),
        email_count: z.int().nonnegative().optional(),
      }),
      'Understood',
      linksToNotification('$response.body#/workflow_id'),
    ),
    ...refusals({
      400: ['invalid_payload'],
      401: ['signature_missing', 'signature_invalid'],
      413: ['payload_too_large'],
      415: ['encoding_not_supported'],
      ...UNAVAILABLE,
    }),
  },
};

const fileError = z.object({
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  provider_code: z.string().optional(),
  retry_after: z.number().optional(),
  task_id: z.string().optional(),
});
const uploaded = z.object({
  filename: z.string(),
  task_id: z.string(),
  upload_id: z.string().nullable(),
  uploaded_at: z.string().nullable(),
  status: z.string().nullable(),
  message: z.string().nullable(),
  email_count: z.int().nonnegative(),
});
const notUploaded = z.object({ filename: z.string(), error: fileError });

const upload: ZodOpenApiOperationObject = {
  ...{ operationId: 'upload', summary: 'Forwards files to BoltRoute', tags: ['public'] },
  security: [{ userToken: [] }],
  requestBody: {
    required: true,
    content: {
      'multipart/form-data': {
        schema: z.object({
          files: z
            .array(z.string().meta({ format: 'binary' }))
            .min(1)
            .max(20),
          file_metadata: z.array(fileMetadataEntry).optional(),
          webhook_url: z.url().optional(),
        }),
        encoding: { file_metadata: { contentType: 'application/json' } },
      },
    },
  },
  responses: {
    200: json(z.array(uploaded), 'Every file was accepted'),
    207: json(z.array(z.union([uploaded, notUploaded])), 'Some files were accepted'),
    '4XX': json(z.looseObject({ detail: z.string(), code: z.string() }), 'No file was accepted'),
    '5XX': json(z.looseObject({ detail: z.string(), code: z.string() }), 'No file was accepted'),
  },
};

const watch: ZodOpenApiOperationObject = {
  ...{ operationId: 'watchUpload', tags: ['public'], security: adminToken },
  summary: 'Watches an upload that was made elsewhere, in case its webhook never comes',
  requestParams: { path: z.object({ task_id: z.guid() }) },
  responses: {
    202: json(z.object({ task_id: z.string(), watched: z.literal(true) }), 'It is watched', {
      search: { q: '$response.body#/task_id' },
    }),
    ...refusals({ 400: ['invalid_task_id'], ...TOKEN_CODES, ...UNAVAILABLE }),
  },
};

/** What the public listener serves, apart from health. */
export const publicPaths: ZodOpenApiPathsObject = {
  [boltRouteFormat.path]: { post: webhook },
  [UPLOAD_PATH]: { post: upload },
  '/api/tasks/{task_id}/watch': { post: watch },
};
