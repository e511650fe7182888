/**
 * OpenSearch itself, of its own jars: for bulk requests, data streams and index templates.
 *
 * In:    nothing. Out: a running node that keeps everything in a directory of its own.
 * Holds: jars of Maven Central in the user's cache directory, fetched once. The core with HTTP, and no plugin: ISM could not be
 *        fetched (`org.opensearch.plugin:opensearch-index-management`, no version).
 * Fails: NotHere where Java 17 and Maven are not, or nothing could be fetched.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NotHere, Processes, directoryOf, freePort } from './server.ts';

const VERSION = '2.19.6';
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowgauge', `opensearch-${VERSION}`);

/** Six seconds on a machine that does nothing else. */
const PATIENCE_SECONDS = 120;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>flowgauge</groupId><artifactId>opensearch</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.opensearch</groupId><artifactId>opensearch</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.opensearch.plugin</groupId><artifactId>transport-netty4-client</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
`;

/** The directory of its jars.  Fails: NotHere. */
function jars(): string {
  const lib = join(CACHE, 'lib');
  if (existsSync(lib)) return lib;
  const fresh = `${CACHE}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    writeFileSync(join(fresh, 'pom.xml'), POM);
    const goal = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(fresh, 'lib')}`];
    execFileSync('mvn', goal, { cwd: fresh, stdio: 'pipe' });
    // Compiled once: the start takes long enough.
    const source = join(import.meta.dirname, 'StartOpenSearch.java');
    execFileSync('javac', ['-d', join(fresh, 'lib'), '-cp', join(fresh, 'lib', '*'), source], { stdio: 'pipe' });
    if (!existsSync(CACHE)) renameSync(fresh, CACHE);
    return lib;
  } catch (cause) {
    throw new NotHere(`OpenSearch ${VERSION} could not be fetched with Maven: ${String(cause)}`, { cause });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

export type SearchServer = { readonly url: string; readonly version: string; stop(): Promise<void> };

/** Starts it. */
export async function startOpenSearch(): Promise<SearchServer> {
  const lib = jars();
  const directory = directoryOf('opensearch');
  for (const name of ['config', 'modules', 'plugins']) mkdirSync(join(directory.path, name));
  const processes = new Processes(directory.path);
  const stop = async (): Promise<void> => {
    await processes.stop();
    directory.remove();
  };
  const port = await freePort();
  // The quick compiler: the node lives for seconds.
  const options = ['-Xms384m', '-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const classes = ['-cp', `${lib}:${join(lib, '*')}`, 'StartOpenSearch'];
  try {
    await processes.start('java', [...options, ...classes, directory.path, String(port)], port, {}, PATIENCE_SECONDS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, version: VERSION, stop };
}
