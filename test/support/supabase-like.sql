-- A plain Postgres made to look like a Supabase project: roles, memberships, owners, rights and defaults.
-- Written from what Supabase publishes of its roles and grants. For tests only.
--
-- Run it once, as the bootstrap superuser, which must be called supabase_admin (initdb --username=supabase_admin):
-- Postgres 16 and later cannot take SUPERUSER from the bootstrap role, and postgres must not be one.
-- Connect to the database "postgres". No psql commands are used, so any client can send the file.
--
-- Options, set before this file in the same session:
--   set supabase_like.data_api_defaults = 'open';    -- defaults before 2026-05-30 (new) / 2026-10-30 (existing projects)
--   set supabase_like.data_api_defaults = 'closed';  -- defaults since then (the default of this file)
--   set supabase_like.auth_users_grant_option = 'off';  -- as before supabase/auth#1617 (2024-06); default on
--
-- Stricter than hosted: on Postgres 15, supautils lets postgres create BYPASSRLS roles; here it cannot.
-- Laxer than hosted: on Postgres 15, supautils stops postgres from altering or granting the platform's roles;
-- here CREATEROLE of Postgres 15 may do both. Postgres 16 and later need no such guard.
-- Absent: supautils, safeupdate, pg_net, pg_cron, pg_graphql, vault, realtime and storage tables, TLS, passwords.

-- Roles ------------------------------------------------------------------------------------------------------------
create role postgres login createdb createrole replication bypassrls;
create role supabase_auth_admin login noinherit createrole;
create role supabase_storage_admin login noinherit createrole;
create role supabase_realtime_admin noinherit;
create role supabase_replication_admin login replication;
create role supabase_read_only_user login bypassrls;
create role dashboard_user nologin createdb createrole replication;
create role pgbouncer login;
create role anon nologin inherit;
create role authenticated nologin inherit;
create role service_role nologin inherit bypassrls;
create role authenticator login noinherit;

grant anon, authenticated, service_role to authenticator;
grant pg_read_all_data to supabase_read_only_user;

do $$
begin
  if current_setting('server_version_num')::int >= 160000 then
    grant anon, authenticated, service_role, authenticator,
      pg_monitor, pg_read_all_data, pg_signal_backend to postgres with admin option;
    grant pg_create_subscription to postgres;
  else
    grant anon, authenticated, service_role, pg_monitor, pg_read_all_data, pg_signal_backend to postgres;
  end if;
end
$$;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role supabase_auth_admin set search_path = auth;
alter role supabase_auth_admin set idle_in_transaction_session_timeout = 60000;
alter role postgres set search_path = "$user", public, extensions;
alter database postgres set statement_timeout = '2min';

-- Schemas ----------------------------------------------------------------------------------------------------------
alter database postgres owner to postgres;  -- so postgres is pg_database_owner, which owns public
grant all on database postgres to dashboard_user;
grant usage on schema public to postgres, anon, authenticated, service_role;

create schema extensions;
grant usage on schema extensions to anon, authenticated, service_role;
grant all on schema extensions to postgres, dashboard_user;

create schema auth;
grant all on schema auth to supabase_auth_admin, dashboard_user;
grant usage on schema auth to postgres, anon, authenticated, service_role;  -- without grant option

create schema storage;
grant all on schema storage to supabase_storage_admin, dashboard_user;
grant usage on schema storage to anon, authenticated, service_role;
grant usage on schema storage to postgres with grant option;

create schema graphql_public;
grant usage on schema graphql_public to anon, authenticated, service_role;
grant usage on schema graphql_public to postgres with grant option;

create schema realtime;
grant usage on schema realtime to postgres, anon, authenticated, service_role;

create schema vault;
grant usage on schema vault to postgres, service_role;

-- Auth -------------------------------------------------------------------------------------------------------------
set role supabase_auth_admin;

create table auth.users (
  instance_id uuid,
  id uuid primary key,
  aud varchar(255),
  role varchar(255),
  email varchar(255),
  encrypted_password varchar(255),
  email_confirmed_at timestamptz,
  invited_at timestamptz,
  confirmation_token varchar(255),
  confirmation_sent_at timestamptz,
  recovery_token varchar(255),
  recovery_sent_at timestamptz,
  email_change_token_new varchar(255),
  email_change varchar(255),
  email_change_sent_at timestamptz,
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb,
  raw_user_meta_data jsonb,
  is_super_admin boolean,
  created_at timestamptz,
  updated_at timestamptz,
  phone text unique default null,
  phone_confirmed_at timestamptz,
  phone_change text default '',
  phone_change_token varchar(255) default '',
  phone_change_sent_at timestamptz,
  confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
  email_change_token_current varchar(255) default '',
  email_change_confirm_status smallint default 0 check (email_change_confirm_status between 0 and 2),
  banned_until timestamptz,
  reauthentication_token varchar(255) default '',
  reauthentication_sent_at timestamptz,
  is_sso_user boolean not null default false,
  deleted_at timestamptz,
  is_anonymous boolean not null default false
);
create unique index users_email_partial_key on auth.users (email) where (is_sso_user = false);

create table auth.identities (
  id uuid primary key default gen_random_uuid(),
  provider_id text not null,
  user_id uuid not null references auth.users on delete cascade,
  identity_data jsonb not null,
  provider text not null,
  last_sign_in_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  email text generated always as (lower(identity_data ->> 'email')) stored,
  unique (provider_id, provider)
);

create table auth.schema_migrations (version varchar(255) primary key);

-- Row level security without a policy: only the owner and roles with BYPASSRLS see rows.
alter table auth.users enable row level security;
alter table auth.identities enable row level security;
alter table auth.schema_migrations enable row level security;

grant all on auth.users, auth.identities to postgres, dashboard_user;
alter default privileges in schema auth grant all on tables to postgres, dashboard_user;
alter default privileges in schema auth grant all on sequences to postgres, dashboard_user;
alter default privileges in schema auth grant all on routines to postgres, dashboard_user;

do $$
begin
  if coalesce(nullif(current_setting('supabase_like.auth_users_grant_option', true), ''), 'on') = 'on' then
    grant select on auth.users, auth.identities, auth.schema_migrations to postgres with grant option;
  end if;
end
$$;

create function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
$$;
create function auth.uid() returns uuid language sql stable as $$ select (auth.jwt() ->> 'sub')::uuid $$;
create function auth.role() returns text language sql stable as $$ select auth.jwt() ->> 'role' $$;
create function auth.email() returns text language sql stable as $$ select auth.jwt() ->> 'email' $$;

reset role;

-- Default privileges -----------------------------------------------------------------------------------------------
-- For what supabase_admin creates in public: postgres cannot change these.
alter default privileges for role supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;

-- For what postgres creates in public. Nothing of the kind exists for a schema of one's own.
alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;

do $$
begin
  if coalesce(nullif(current_setting('supabase_like.data_api_defaults', true), ''), 'closed') = 'closed' then
    -- What the Data API setting takes away. TRUNCATE, REFERENCES, TRIGGER and MAINTAIN stay granted.
    alter default privileges for role postgres in schema public
      revoke select, insert, update, delete on tables from anon, authenticated, service_role;
    alter default privileges for role postgres in schema public
      revoke execute on functions from anon, authenticated, service_role;
    alter default privileges for role postgres in schema public
      revoke usage, select on sequences from anon, authenticated, service_role;
  end if;
end
$$;

-- Event trigger of PostgREST: every DDL statement of a non-superuser ends in a NOTIFY -------------------------------
create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as $$
begin
  notify pgrst, 'reload schema';
end
$$;
create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();
