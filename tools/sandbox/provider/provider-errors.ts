import type { ProviderError } from './provider-shapes';

/** A refusal as the provider words it. */
export class ProviderRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: ProviderError,
  ) {
    super(body.error.message);
  }
}

const CODES: Record<number, [code: string, message: string]> = {
  400: ['VALIDATION_ERROR', 'Invalid request'],
  401: ['UNAUTHORIZED', 'Missing or invalid token'],
  403: ['FORBIDDEN', 'Access denied'],
  404: ['NOT_FOUND', 'Resource not found'],
  429: ['RATE_LIMITED', 'Too many requests'],
  500: ['INTERNAL_ERROR', 'Unexpected server error'],
  502: ['BAD_GATEWAY', 'Bad gateway'],
  503: ['SERVICE_UNAVAILABLE', 'Service temporarily unavailable'],
  504: ['GATEWAY_TIMEOUT', 'Gateway timeout'],
};

export function errorBody(status: number, message?: string): ProviderError {
  const [code, usual] = CODES[status] ?? ['ERROR', `Status ${status}`];
  return { error: { code, message: message ?? usual } };
}

export const refusal = (status: number, message?: string) =>
  new ProviderRefusal(status, errorBody(status, message));

/** A 400 that names the field at fault. */
export function invalid(field: string, reason: string, message: string): ProviderRefusal {
  const { error } = errorBody(400, message);
  return new ProviderRefusal(400, { error: { ...error, details: [{ field, reason }] } });
}
