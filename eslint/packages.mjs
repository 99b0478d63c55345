// Which folder may import which package, including its types. Packages that package.json lacks are
// kept out by import-x/no-extraneous-dependencies.
import { builtinModules } from 'node:module';
import { pure } from './folders.mjs';
import { filesOf, product, routes } from './places.mjs';

/** Only `owners` may import the packages; `instead` says what other code does. */
export const packages = [
  {
    names: ['@temporalio/client'],
    owners: ['src/temporal'],
    instead: 'Only src/temporal knows the Temporal client: take Notifications through deps.',
  },
  {
    names: ['@temporalio/worker'],
    owners: ['src/temporal', 'scripts/bundle-workflows.ts'],
    instead: 'Only src/temporal knows the Temporal worker, a native module: put the call there.',
  },
  {
    names: ['@temporalio/activity'],
    owners: ['activities'],
    instead: 'It works inside an activity only: pass the value as an argument.',
  },
  {
    names: ['@temporalio/workflow'],
    owners: ['workflows'],
    instead: 'It works inside a workflow only: put what others need into workflows/core.',
  },
  {
    names: ['@temporalio/common'],
    owners: ['workflows', 'src/temporal'],
    instead: 'Only workflows/ and src/temporal know Temporal: pass the value as an argument.',
  },
  {
    names: ['@temporalio/envconfig', 'ms'],
    owners: ['src/config'],
    instead: 'Only src/config reads settings: take the value from the configuration.',
  },
  {
    names: ['nodemailer'],
    owners: ['src/clients/smtp'],
    instead: 'Only src/clients/smtp speaks to a relay: take a Mailer through deps.',
  },
  {
    names: ['pg'],
    owners: ['src/clients/postgres'],
    instead: 'Only src/clients/postgres speaks to Postgres: take the function through deps.',
  },
  {
    names: ['node-pg-migrate'],
    owners: ['src/clients/postgres/migrations.ts'],
    instead: 'Only src/clients/postgres/migrations.ts changes the schema: call it from a command.',
  },
  {
    names: ['koa', '@koa/router', 'http-errors'],
    owners: routes,
    instead: 'Only the routes know HTTP: return a value that the route turns into an answer.',
  },
  {
    names: ['preact', 'preact-render-to-string'],
    owners: ['src/admin/page'],
    instead: 'Only src/admin/page writes HTML: return the value that it shows.',
  },
  {
    names: ['@fastify/busboy'],
    owners: ['src/upload'],
    instead: 'Only src/upload reads forms: take the parsed form.',
  },
  {
    names: ['jose'],
    owners: ['src/auth', 'src/clients/supabase'],
    instead: 'Only src/auth and src/clients/supabase know tokens: take the user of the token.',
  },
  {
    names: ['zod'],
    owners: [
      'src/config',
      'src/parse',
      'src/clients',
      'src/webhook',
      'src/upload',
      'src/operator',
      'src/admin/api',
      'src/openapi',
      'scripts/configuration-tables.ts',
    ],
    instead: 'Input is parsed where it enters the process: take the parsed value.',
  },
  {
    names: ['undici'],
    owners: ['src/clients/provider'],
    instead: 'Only src/clients/provider asks BoltRoute: take a TaskApi through deps.',
  },
  {
    names: ['zod-openapi'],
    owners: ['src/openapi'],
    instead: 'Only src/openapi describes the HTTP API: export the schema that validates.',
  },
  {
    names: ['mailauth', 'tldts'],
    owners: ['src/doctor/dns'],
    instead: "Only src/doctor/dns judges the sender's DNS: take the judgement.",
  },
  {
    names: ['pino'],
    owners: ['src/telemetry'],
    instead: 'Only src/telemetry makes loggers: take a Logger through deps.',
  },
  {
    names: ['prom-client'],
    owners: ['src/telemetry', 'src/http'],
    instead: 'Only src/telemetry makes metrics: take Metrics through deps.',
  },
];

const nodeModules = builtinModules.flatMap((name) =>
  name.startsWith('node:') ? [name] : [name, `node:${name}`],
);

/** Modules of Node that a place must not import. */
const builtins = [
  {
    places: product,
    names: ['process', 'node:process'],
    message: 'Use the global process: its members are allowed file by file.',
  },
  {
    places: ['workflows'],
    names: nodeModules,
    message: 'Workflow code is replayed in a sandbox that lacks it: do the work in an activity.',
  },
];

const covers = (folder, place) => place === folder || place.startsWith(`${folder}/`);
const coversAny = (folders, place) => folders.some((folder) => covers(folder, place));

/** `/name` is the package with its subpaths, not a folder of that name. */
const foreign = (place, own = packages.filter(({ owners }) => coversAny(owners, place))) =>
  packages
    .filter((row) => !own.includes(row))
    .map(({ names, instead }) => ({ group: names.map((name) => `/${name}`), message: instead }));

const builtinsOf = (place) =>
  builtins
    .filter(({ places }) => coversAny(places, place))
    .flatMap(({ names, message }) => names.map((name) => ({ name, message })));

const block = (places, paths, patterns) => ({
  name: `boundaries: packages of ${places[0]}`,
  files: places.map(filesOf),
  rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
});

const depth = (place) => place.split('/').length;
/** From the widest place to the narrowest, since the last block that matches a file holds alone. */
const places = [...product, 'scripts', ...packages.flatMap(({ owners }) => owners)]
  .filter((place, index, all) => all.indexOf(place) === index)
  .sort((a, b) => depth(a) - depth(b));

const impure = nodeModules
  .filter((name) => !['buffer', 'crypto'].includes(name.replace('node:', '')))
  .map((name) => ({ name, message: 'Parsing is pure: of Node it uses crypto and Buffer only.' }));
const purePackages = packages.filter(({ names }) => names.includes('zod'));

export const packageBlocks = [
  ...places.map((place) => block([place], builtinsOf(place), foreign(place))),
  block(pure, impure, foreign(pure[0], purePackages)),
];
