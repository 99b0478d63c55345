/** What the service reads of a Supabase database, and no more of it. */
export const supabaseShape = `
  create schema auth;
  create table auth.users (id uuid primary key, email text, email_confirmed_at timestamptz);
  create table public.profiles (user_id uuid primary key, email text);
`;
