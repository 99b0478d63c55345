/** Makes the address of a run in the Temporal UI. */
export function createRunUrl(uiUrl: string, namespace: string) {
  const ui = uiUrl.endsWith('/') ? uiUrl.slice(0, -1) : uiUrl;
  const base = `${ui}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  return (workflowId: string, runId: string): string =>
    `${base}/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}`;
}
