import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { adminPaths } from './admin-paths';
import { opsPaths } from './ops-paths';
import { publicPaths } from './public-paths';

/** Every HTTP route of the API process, for programs, as OpenAPI 3.1. */
export function createOpenApiDocument(publicBaseUrl = 'http://127.0.0.1:8080'): object {
  const servers = [{ url: publicBaseUrl, description: 'The public listener' }];
  const paths: ZodOpenApiPathsObject = {};
  for (const [path, item] of Object.entries(publicPaths)) paths[path] = { ...item, servers };
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Bulk upload notifications',
        version: '1',
        description: 'One email when a bulk upload has been verified. See docs/http-api.md.',
      },
      servers: [{ url: '/', description: 'The admin listener, which serves this document' }],
      paths: { ...paths, ...adminPaths(), ...opsPaths },
      components: {
        securitySchemes: {
          adminToken: { type: 'http', scheme: 'bearer', description: 'ADMIN_API_TOKEN' },
          userToken: {
            ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
            description: "The user's Supabase token, or a cookie that holds it",
          },
          webhookSignature: {
            ...{ type: 'apiKey', in: 'header', name: 'X-Webhook-Signature' },
            description: '`sha256=` and the HMAC-SHA256 of the body with WEBHOOK_SECRET_KEY',
          },
        },
      },
    },
    { allowEmptySchema: { custom: true } },
  );
}
