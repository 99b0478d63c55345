import type { Router } from '@koa/router';
import Ajv2020 from 'ajv/dist/2020';
import { createAdminApi } from '../../src/admin/api/route';
import { createOpenApiRouter } from '../../src/admin/openapi-route';
import { createWatchRouter } from '../../src/admin/watch-route';
import { createOpsRouter } from '../../src/http/ops';
import { createOpenApiDocument } from '../../src/openapi/document';
import { createMetrics } from '../../src/telemetry/metrics';
import { createUploadRouter, type UploadDependencies } from '../../src/upload/route';
import { boltRouteFormat } from '../../src/webhook/boltroute-format';
import { createWebhookRouter } from '../../src/webhook/route';
import { ADMIN_TOKEN } from '../support/planted-values';
import { capturedLogger } from '../support/captured-logger';
import { fakeOperator } from '../support/fake-operator';

interface Operation {
  operationId: string;
  parameters?: { name: string }[];
  responses: Record<string, { links?: Record<string, Link> }>;
}

interface Link {
  operationId: string;
  parameters: Record<string, string>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, object>>;
  components: { schemas: Record<string, object> };
}

const document = createOpenApiDocument('https://notify.example') as Document;

/** Every router of the API process, apart from the page's. */
function routers(): Router[] {
  const { logger } = capturedLogger();
  const metrics = createMetrics();
  const unused = {} as never;
  return [
    createWebhookRouter({
      ...{ sources: [{ format: boltRouteFormat, secrets: [] }], notifications: unused },
      ...{ logger, metrics },
    }),
    createUploadRouter({ auth: unused, metrics } as Partial<UploadDependencies> as never),
    createWatchRouter({ uploadWatches: unused, adminToken: ADMIN_TOKEN, logger }),
    createOpsRouter({ probes: [], registry: metrics.registry }),
    createOpenApiRouter(document),
    createAdminApi({ operator: fakeOperator().operator, adminToken: ADMIN_TOKEN, logger }),
  ];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

describe('the OpenAPI document', () => {
  it('has every route of the routers, and no other', () => {
    const served = routers().flatMap(({ stack }) =>
      stack.flatMap(({ path, methods }) =>
        methods
          .filter((method) => method !== 'HEAD')
          .map((method) => `${method} ${String(path).replace(/:(\w+)/g, '{$1}')}`),
      ),
    );

    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => METHODS.includes(key))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(described.sort()).toEqual(served.sort());
  });

  it('is of version 3.1, and its references lead somewhere', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );

    expect(document.openapi).toBe('3.1.0');
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter((name) => !document.components.schemas[name ?? ''])).toEqual([]);
    expect(text).not.toMatch(/"\$id"|"\$schema"|#\/definitions/);
  });

  it.each([
    ['/api/admin/bulk-resends', true],
    ['/api/admin/bulk-resend-preview', true],
    ['/api/admin/notifications/{event_id}/resends', false],
  ])('says of %s whether a body is required: %s', (path, required) => {
    expect(document.paths[path]?.post).toMatchObject({ requestBody: { required } });
  });

  it('links answers to parameters of operations that are there', () => {
    const operations = Object.values(document.paths).flatMap((item) =>
      METHODS.flatMap((method) => (item[method] as Operation | undefined) ?? []),
    );
    const takes = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters.map(({ name }) => `${operationId} ${name}`),
    );
    const links = operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap((response) => Object.values(response.links ?? {})),
    );
    const given = links.flatMap(({ operationId, parameters }) =>
      Object.keys(parameters).map((name) => `${operationId} ${name}`),
    );

    expect(given.length).toBeGreaterThan(10);
    expect(given.filter((parameter) => !takes.includes(parameter))).toEqual([]);
  });

  it('has only schemas that JSON Schema 2020-12 admits', () => {
    const schemas = schemasOf(document.paths);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'document', components: document.components });

    const compile = (schema: object) =>
      ajv.compile(
        JSON.parse(
          JSON.stringify(schema).replaceAll('"#/components', '"document#/components'),
        ) as object,
      );

    expect(schemas.length).toBeGreaterThan(50);
    expect(() => schemas.map(compile)).not.toThrow();
  });
});

/** Whatever stands under a key `schema`. */
function schemasOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === 'schema' ? [inner as object] : schemasOf(inner),
  );
}
