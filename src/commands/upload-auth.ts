import { createSupabaseAuth } from '../clients/supabase/auth';
import type { ApiConfig } from '../config/config';
import type { BearerAuthConfig } from '../auth/bearer-auth';
import type { Logger } from '../telemetry/logger';

/** How the upload route checks tokens; the provider checks what cannot be checked here. */
export function createUploadAuth(
  auth: ApiConfig['upload']['auth'],
  logger: Logger,
): BearerAuthConfig {
  const { supabase, ...config } = auth;
  if (supabase) return { ...config, ...createSupabaseAuth(supabase) };
  if (config.jwtSecret === undefined) logger.warn('api.token_left_to_provider');
  else logger.warn({ missing: 'SUPABASE_URL' }, 'api.email_confirmation_left_to_provider');
  return config;
}
