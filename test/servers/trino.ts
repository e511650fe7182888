/**
 * Trino itself, over a bucket of moto.
 *
 * In:    nothing. Out: a running server with the catalogue `lake`, whose tables lie in the bucket `lake`.
 * Holds: its server is not in Maven Central whole: it is put together from `trino-main` with what that needs, and the package
 *        of its Hive connector, in the user's cache directory, once (260 MB). 435 is one of the last that Java 17 runs.
 * Fails: NotHere where Maven or Java 17 with a compiler is missing, or a package cannot be had.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startMoto } from './moto.ts';
import { NotHere, Processes, directoryOf, freePort } from './server.ts';
import type { S3Server } from './server.ts';

const VERSION = '435';
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowgauge', `trino-${VERSION}`);
export const BUCKET = 'lake';
const STARTS_SECONDS = 300;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>flowgauge</groupId><artifactId>trino</artifactId><version>1</version><packaging>pom</packaging>
<dependencies><dependency><groupId>io.trino</groupId><artifactId>trino-main</artifactId><version>${VERSION}</version></dependency></dependencies>
</project>`;
const LAUNCHER = `public class Launch {
  public static void main(String[] args) { new io.trino.server.Server().start("${VERSION}"); }
}`;

export type TrinoPlace = S3Server & {
  readonly url: string;
  /** The bucket `lake`, where tables' files go. */
  readonly s3: S3Client;
};

/** Puts it together where it is not yet. */
function install(): void {
  if (existsSync(CACHE)) return;
  const made = `${CACHE}-${process.pid}`;
  const quiet = { cwd: made, stdio: 'pipe' } as const;
  try {
    mkdirSync(join(made, 'plugin'), { recursive: true });
    writeFileSync(join(made, 'pom.xml'), POM);
    const lib = join(made, 'lib');
    execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${lib}`], quiet); // prettier-ignore
    execFileSync('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=io.trino:trino-hive:${VERSION}:zip`, `-DoutputDirectory=${made}`], quiet); // prettier-ignore
    execFileSync('jar', ['xf', join(made, `trino-hive-${VERSION}.zip`)], { ...quiet, cwd: join(made, 'plugin') });
    rmSync(join(made, `trino-hive-${VERSION}.zip`));
    writeFileSync(join(made, 'Launch.java'), LAUNCHER);
    execFileSync('javac', ['-cp', join(lib, '*'), '-d', join(made, 'classes'), 'Launch.java'], quiet);
    renameSync(made, CACHE);
  } catch (cause) {
    rmSync(made, { recursive: true, force: true });
    throw new NotHere(`Trino ${VERSION} could not be put together from Maven Central: ${String(cause)}`, { cause });
  }
}

/** Starts both. */
export async function startTrino(): Promise<TrinoPlace> {
  install();
  const moto = await startMoto();
  const directory = directoryOf('trino');
  const processes = new Processes(directory.path);
  const { endpoint, accessKeyId, secretAccessKey } = moto;
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } }); // prettier-ignore
  const stop = async (): Promise<void> => {
    s3.destroy();
    await Promise.all([processes.stop(), moto.stop()]);
    directory.remove();
  };
  try {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const catalogs = join(directory.path, 'catalog');
    mkdirSync(catalogs);
    const config = join(directory.path, 'config.properties');
    writeFileSync(
      config,
      propertiesOf({
        'node.environment': 'test',
        'node.internal-address': '127.0.0.1',
        coordinator: 'true',
        'node-scheduler.include-coordinator': 'true',
        'http-server.http.port': String(port),
        // Else it writes into the directory that it is started in.
        'http-server.log.enabled': 'false',
        'discovery.uri': url,
        'plugin.dir': join(CACHE, 'plugin'),
        'catalog.config-dir': catalogs,
        'query.max-memory': '512MB',
        'query.max-memory-per-node': '512MB',
        'memory.heap-headroom-per-node': '256MB',
      }),
    );
    writeFileSync(
      join(catalogs, `${BUCKET}.properties`),
      propertiesOf({
        'connector.name': 'hive',
        'hive.metastore': 'file',
        'hive.metastore.catalog.dir': `s3://${BUCKET}/metastore`,
        'hive.security': 'allow-all',
        'hive.non-managed-table-writes-enabled': 'true',
        'hive.partition-projection-enabled': 'true',
        'fs.hadoop.enabled': 'false',
        'fs.native-s3.enabled': 'true',
        's3.endpoint': endpoint,
        's3.region': 'us-east-1',
        's3.path-style-access': 'true',
        's3.aws-access-key': accessKeyId,
        's3.aws-secret-key': secretAccessKey,
      }),
    );
    const flags = ['-Xmx1400m', '-Djdk.attach.allowAttachSelf=true', `-Dconfig=${config}`, `-Dnode.data-dir=${directory.path}`]; // prettier-ignore
    await processes.start(
      'java',
      [...flags, '-cp', `${CACHE}/classes:${CACHE}/lib/*`, 'Launch'],
      port,
      {},
      STARTS_SECONDS,
    );
    await untilReady(url);
    return { endpoint, accessKeyId, secretAccessKey, url, s3, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** It takes connections before it takes statements. */
async function untilReady(url: string): Promise<void> {
  for (const until = performance.now() + STARTS_SECONDS * 1000; performance.now() < until; await pause(500)) {
    const answer = await fetch(`${url}/v1/info`).catch(() => null);
    if (answer?.ok === true && !((await answer.json()) as { starting: boolean }).starting) return;
  }
  throw new Error(`Trino did not take statements within ${STARTS_SECONDS} s`);
}

function propertiesOf(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
