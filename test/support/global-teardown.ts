import './start-suite';

export default async function globalTeardown(): Promise<void> {
  const { temporal, postgres } = globalThis.sandbox ?? {};
  await Promise.all([temporal?.close(), postgres?.close()]);
}
