/**
 * moto: a pretended AWS, for what no free server does (archives, CloudWatch Logs).
 *
 * In:    nothing. Out: a running server.
 * Holds: `moto_server` of PATH, else of a Python environment in the user's cache directory, which is made once.
 * Fails: NotHere where neither is to be had.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pythonEnvironment } from './python-package.ts';
import { Processes, directoryOf, freePort } from './server.ts';
import type { S3Server } from './server.ts';

const VERSION = '5.2.1';

/** The program; installed from PyPI where it is missing.  Fails: NotHere. */
export function motoProgram(): string {
  try {
    return execFileSync('sh', ['-c', 'command -v moto_server'], { encoding: 'utf8' }).trim();
  } catch {
    const programOf = (place: string): string => join(place, 'bin', 'moto_server');
    const isWhole = (place: string): boolean => existsSync(programOf(place));
    return programOf(pythonEnvironment(`moto-${VERSION}`, `moto[server]==${VERSION}`, isWhole));
  }
}

/** Starts it; any credentials are good. */
export async function startMoto(): Promise<S3Server & { readonly pid: number }> {
  const path = motoProgram();
  const directory = directoryOf('moto');
  const processes = new Processes(directory.path);
  const stop = async (): Promise<void> => {
    await processes.stop();
    directory.remove();
  };
  const port = await freePort();
  let pid: number;
  try {
    // Proxies of the machine are for others: this one is asked on loopback only.
    pid = await processes.start(path, ['-H', '127.0.0.1', '-p', String(port)], port, {
      MOTO_ENABLE_ISO_REGIONS: 'false',
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint: `http://127.0.0.1:${port}`, pid, accessKeyId: 'testing', secretAccessKey: 'testing', stop };
}
