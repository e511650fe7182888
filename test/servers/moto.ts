/**
 * moto: a pretended AWS, for what no free server does (archives, CloudWatch Logs).
 *
 * In:    nothing. Out: a running server.
 * Holds: `moto_server` of PATH, else of a Python environment in the user's cache directory, which is made once.
 * Fails: NotHere where neither is to be had.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NotHere, Processes, directoryOf, freePort } from './server.ts';
import type { S3Server } from './server.ts';

const VERSION = '5.2.1';
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowgauge', `moto-${VERSION}`);

/** The program; installed from PyPI where it is missing.  Fails: NotHere. */
export function motoProgram(): string {
  try {
    return execFileSync('sh', ['-c', 'command -v moto_server'], { encoding: 'utf8' }).trim();
  } catch {
    const own = join(CACHE, 'bin', 'moto_server');
    if (existsSync(own)) return own;
    try {
      execFileSync('python3', ['-m', 'venv', CACHE], { stdio: 'pipe' });
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `moto[server]==${VERSION}`];
      execFileSync(join(CACHE, 'bin', 'python'), pip, { stdio: 'pipe' });
      return own;
    } catch (cause) {
      rmSync(CACHE, { recursive: true, force: true });
      throw new NotHere(`moto_server is missing and could not be installed from PyPI: ${String(cause)}`, { cause });
    }
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
