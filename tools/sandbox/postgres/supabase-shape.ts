/** The part of a Supabase database that the service reads. */
export const supabaseShape = `
  create schema auth;
  create table auth.users (id uuid primary key, email text, email_confirmed_at timestamptz);
  create table public.profiles (user_id uuid primary key, email text);
`;
