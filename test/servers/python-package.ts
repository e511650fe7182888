/**
 * Packages from PyPI, for tests that want a program that has nothing of ours.
 *
 * In:    a package and its version. Out: a Python that has it.
 * Holds: it is a Python environment in the user's cache directory, which is made once.
 * Fails: NotHere where it cannot be installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NotHere } from './server.ts';

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowgauge');

/** The Python that has a package. */
export function pythonWith(name: string, version: string): string {
  const place = join(CACHE, `${name}-${version}`);
  const own = join(place, 'bin', 'python');
  if (existsSync(own) && spawnSync(own, ['-c', `import ${name}`]).status === 0) return own;
  try {
    execFileSync('python3', ['-m', 'venv', place], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `${name}==${version}`];
    execFileSync(own, pip, { stdio: 'pipe' });
    return own;
  } catch (cause) {
    rmSync(place, { recursive: true, force: true });
    throw new NotHere(`${name} ${version} is missing and could not be installed from PyPI: ${String(cause)}`, {
      cause,
    });
  }
}
