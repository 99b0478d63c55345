import { chmod, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '../process/cache-directory';
import { fillCache } from '../process/fill-cache';
import { findOnPath, isExecutable } from '../process/find-on-path';
import { type Progress, progressOnStderr } from '../process/progress';
import { runTool } from '../process/run-tool';

const version = '1.38.0';
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

export interface Search {
  env?: NodeJS.ProcessEnv;
  progress?: Progress;
}

/** An executable that takes the port as its only argument, or why there is none. */
export type TimeSkippingBinary = { path: string } | { missing: string };

/** Temporal's test server, in which a day's wait takes no time. Fetched once, by Maven. */
export async function findTimeSkippingBinary({
  env = process.env,
  progress = progressOnStderr,
}: Search = {}): Promise<TimeSkippingBinary> {
  const named = env.TEMPORAL_TEST_SERVER;
  if (named)
    return isExecutable(named) ? { path: named } : missing(`${named} is no executable file`);
  if (findOnPath('java', env) === undefined) return missing('there is no `java` on PATH');

  const path = join(cacheDirectory(env), `temporal-test-server-${version}`, 'temporal-test-server');
  if (isExecutable(path)) return { path };
  const maven = findOnPath('mvn', env);
  if (maven === undefined) return missing('there is no `mvn` on PATH to fetch it');
  try {
    await fillCache(dirname(path), (directory) => fetchInto(directory, { maven, env, progress }));
  } catch (error) {
    return missing((error as Error).message);
  }
  return isExecutable(path) ? { path } : missing(`${dirname(path)} is in its way; remove it`);
}

async function fetchInto(
  directory: string,
  { maven, env, progress }: Required<Search> & { maven: string },
): Promise<void> {
  const doing = 'fetching the time-skipping test server, once';
  progress(doing);
  const pom = join(directory, 'pom.xml');
  await writeFile(pom, project);
  const goal = [copyDependencies, '-DincludeScope=runtime', `-DoutputDirectory=${directory}/lib`];
  const args = ['--batch-mode', '--quiet', '--file', pom, ...goal];
  await runTool(maven, args, { env, progress, doing, usually: 'under a minute' });
  await rm(pom);

  const wrapper = join(directory, 'temporal-test-server');
  await writeFile(wrapper, script);
  await chmod(wrapper, 0o755);
}

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sandbox</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

/** With exec, so that a signal to its process reaches Java; compiled lightly, so that it starts fast. */
const script = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$here/lib/*" \\
  io.temporal.testserver.TestServer "$@"
`;

function missing(reason: string): TimeSkippingBinary {
  const help = 'install Java and Maven, or name an executable in TEMPORAL_TEST_SERVER';
  return { missing: `no time-skipping test server: ${reason} (${help})` };
}
