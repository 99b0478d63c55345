/** The API's URLs. */
export function serviceUrls(port: number) {
  const base = `http://127.0.0.1:${port}`;
  return {
    base,
    upload: `${base}/api/tasks/upload`,
    webhook: `${base}/api/tasks/webhooks/bulk-upload`,
    health: `${base}/healthz`,
    readiness: `${base}/readyz`,
  };
}
