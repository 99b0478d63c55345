/** The Temporal and the Postgres that run for the whole suite (global-setup.ts). */
export function suite() {
  const { TEST_TEMPORAL_ADDRESS: address, TEST_DATABASE_URL: url } = process.env;
  if (!address || !url) throw new Error('Run the tests by `npm test`, which starts the sandbox');
  return { temporal: { address, namespace: 'default' }, postgres: { url } };
}
