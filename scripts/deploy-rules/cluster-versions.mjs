const modules = {
  'temporalio/server': 'go.temporal.io/server/cmd/server',
  'temporalio/admin-tools': 'go.temporal.io/server/cmd/tools/sql',
  'temporalio/ui': 'github.com/temporalio/ui-server/v2/cmd/server',
};

/** The tests' cluster must run the versions of docker-compose.yml. */
export function checkClusterVersions({ compose, clusterBinaries }) {
  const images = Object.values(compose.services ?? {}).map(({ image }) => image ?? '');
  return Object.entries(modules).flatMap(([repository, path]) => {
    const image = images.find((it) => it.startsWith(`${repository}:`));
    const deployed = image?.slice(repository.length + 1).replace(/@.*/, '');
    const built = clusterBinaries.split(`'${path}@v`)[1]?.split("'")[0];
    if (deployed !== undefined && deployed === built) return [];
    return `docker-compose.yml: ${repository}:${deployed} differs from the cluster of the tests, ${path}@v${built}`;
  });
}
