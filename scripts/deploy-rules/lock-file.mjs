/**
 * An entry without integrity is installed whatever the registry serves. `npm ci` refuses a lock file
 * that lacks an optional package, even of another platform, and npm does not write those that the
 * registry at hand does not serve.
 */
export function checkLockFiles({ locks }) {
  return locks.flatMap(([file, lock]) => faultsOf(lock).map((fault) => `${file}: ${fault}`));
}

function faultsOf(lock) {
  const faults = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    const { optionalDependencies = {}, resolved, integrity, link } = entry;
    const isOurs = link || !path.includes('node_modules/');
    if (!isOurs && !/^sha512-/.test(integrity ?? '')) {
      faults.push(
        `${path} has no integrity: npm view ${nameOf(path)}@${entry.version} dist.integrity`,
      );
    }
    if (!isOurs && resolved) faults.push(`${path} names the registry it came from`);
    for (const name of Object.keys(optionalDependencies)) {
      if (!isLocked(lock.packages, path, name)) {
        faults.push(`${name} is missing, an optional dependency of ${path}`);
      }
    }
  }
  return faults;
}

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function isLocked(packages, path, name) {
  for (
    let folder = path;
    ;
    folder = folder.slice(0, Math.max(folder.lastIndexOf('node_modules/'), 0))
  ) {
    const parent = folder.replace(/\/$/, '');
    if (packages[`${parent ? `${parent}/` : ''}node_modules/${name}`]) return true;
    if (!parent) return false;
  }
}
