import { startProvider, type Provider } from '../../tools/sandbox/provider/provider';
import { UPLOAD_PATH } from '../../src/upload/route';
import { head, rawConnection, type RawConnection } from './raw-request';
import { type RawUpstream, rawUpstream } from './raw-upstream';
import { startUploadEndpoint, type UploadEndpoint, USER_TOKEN } from './upload-endpoint';
import { file, formType, metadata } from './upload-form';

/** How an upstream of the test's own answers. */
export type Answering = Parameters<typeof rawUpstream>[0];
type EndpointOptions = Parameters<typeof startUploadEndpoint>[1];

export const MIB = 2 ** 20;
export const CSV = 'name,email\nJane,jane@example.org\nJoe,joe@example.org\n';

/** A form that is taken. */
export const one = [file('a.txt'), metadata('a.txt')];

/** The head of an upload, byte for byte. */
export const post = (...headers: string[]): string =>
  head(`POST ${UPLOAD_PATH}`, [
    `Authorization: Bearer ${USER_TOKEN}`,
    `Content-Type: ${formType}`,
    ...headers,
  ]);

/** The provider's stub for a test file, and for each test an endpoint before it or another upstream. */
export function createUploadStage() {
  const stage = {} as {
    provider: Provider;
    endpoint: UploadEndpoint;
    /** The one of `startBefore`. */
    upstream?: RawUpstream;
  };
  let connections: RawConnection[] = [];

  beforeAll(async () => {
    stage.provider = await startProvider();
  });

  beforeEach(() => {
    stage.provider.uploads.length = 0;
    stage.provider.requests.length = 0;
  });

  afterEach(async () => {
    connections.forEach((connection) => connection.close());
    connections = [];
    await stage.upstream?.close();
    await stage.endpoint.close();
    stage.upstream = undefined;
  });

  afterAll(() => stage.provider.stop());

  return Object.assign(stage, {
    async start(options?: EndpointOptions): Promise<UploadEndpoint> {
      return (stage.endpoint = await startUploadEndpoint(stage.provider.baseUrl, options));
    },

    async startBefore(answer: Answering, options?: EndpointOptions): Promise<RawUpstream> {
      const upstream = (stage.upstream = await rawUpstream(answer));
      stage.endpoint = await startUploadEndpoint(upstream.baseUrl, options);
      return upstream;
    },

    async open(): Promise<RawConnection> {
      const connection = await rawConnection(stage.endpoint.port);
      connections.push(connection);
      return connection;
    },
  });
}
