/**
 * `npm ci` refuses a lock file that lacks an optional package, also one of another platform; and
 * npm leaves out those that the registry at hand does not serve.
 */
export function checkLockFile({ lock }) {
  const faults = [];
  for (const [path, { optionalDependencies = {}, resolved }] of Object.entries(lock.packages)) {
    if (resolved) faults.push(`package-lock.json: ${path} names the registry it came from`);
    for (const name of Object.keys(optionalDependencies)) {
      if (!isLocked(lock.packages, path, name)) {
        faults.push(`package-lock.json: ${name} is missing, an optional dependency of ${path}`);
      }
    }
  }
  return faults;
}

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
