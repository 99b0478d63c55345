-- The tables that the service reads in Supabase, with two users to try out. For the dev profile
-- only: in production these tables belong to Supabase.
CREATE TABLE IF NOT EXISTS public.profiles (
  user_id uuid PRIMARY KEY,
  email text
);

CREATE SCHEMA IF NOT EXISTS auth;

CREATE TABLE IF NOT EXISTS auth.users (
  id uuid PRIMARY KEY,
  email varchar(255),
  email_confirmed_at timestamptz
);

INSERT INTO auth.users (id, email, email_confirmed_at) VALUES
  ('6f1f4c5e-8f0e-4a53-9d55-1f7a3c2b9e01', 'ada@example.test', now()),
  ('6f1f4c5e-8f0e-4a53-9d55-1f7a3c2b9e02', 'without-profile@example.test', now())
ON CONFLICT (id) DO NOTHING;

INSERT INTO public.profiles (user_id, email) VALUES
  ('6f1f4c5e-8f0e-4a53-9d55-1f7a3c2b9e01', 'ada@example.test')
ON CONFLICT (user_id) DO NOTHING;
