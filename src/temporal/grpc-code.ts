import { isGrpcServiceError } from '@temporalio/client';

/** gRPC status codes. */
export const NOT_FOUND = 5;
export const ALREADY_EXISTS = 6;
export const PERMISSION_DENIED = 7;
export const UNIMPLEMENTED = 12;

/** The gRPC status code of a failed call; undefined for any other error. */
export function grpcCodeOf(err: unknown): number | undefined {
  return isGrpcServiceError(err) ? err.code : undefined;
}
