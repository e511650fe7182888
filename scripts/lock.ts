/**
 * Keeps package-lock.json whole: `bin/node scripts/lock.ts` after each `npm install`.
 *
 * In:    the lock. Out: the lock with an entry for every platform's build of an optional dependency.
 * Holds: npm leaves out builds that a registry does not have yet, and then `npm ci` refuses the lock everywhere. An entry
 *        made here has version and platform and no hash; such a build is fetched on its own platform only.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './files.ts';

type Entry = {
  version?: string;
  integrity?: string;
  dev?: true;
  optional?: true;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};
/** The part of a lock that is read here. */
export type Lock = { packages: Record<string, Entry> };

/** Optional dependencies that an entry of the lock names and the lock does not hold, as `name@version`. */
export function missingFrom(lock: Lock): { readonly name: string; readonly version: string; readonly dev: boolean }[] {
  return Object.values(lock.packages).flatMap(({ optionalDependencies = {}, dev }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => lock.packages[`node_modules/${name}`] === undefined)
      .map(([name, range]) => ({ name, version: range.replace(/^[\^~]/, ''), dev: dev === true })),
  );
}

/** Which machines a build is for, from its name: `@oxlint/binding-linux-x64-musl`. */
export function platformOf(name: string): Required<Pick<Entry, 'os' | 'cpu'>> & Pick<Entry, 'libc'> {
  const words = name.split(/[/-]/);
  const os = words.find((word) =>
    /^(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)$/.test(word),
  );
  const cpu = words.find((word) => /^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)$/.test(word));
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not say for which machines it is`);
  const musl = words.some((word) => word.startsWith('musl'));
  const glibc = words.some((word) => word.startsWith('gnu'));
  return { os: [os], cpu: [cpu], ...(musl ? { libc: ['musl'] } : glibc ? { libc: ['glibc'] } : {}) };
}

/** The lock with an entry for each missing build, in npm's order. */
export function completed(lock: Lock): Lock {
  const added = missingFrom(lock).map(({ name, version, dev }): [string, Entry] => {
    const { os, cpu, libc } = platformOf(name);
    const entry: Entry = { version, cpu, ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os };
    return [`node_modules/${name}`, entry];
  });
  const all = [...Object.entries(lock.packages), ...added].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(all) };
}

if (import.meta.main) {
  const path = join(ROOT, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock;
  writeFileSync(path, `${JSON.stringify(completed(lock), null, 2)}\n`);
  console.log(`package-lock.json: ${missingFrom(lock).length} builds for other platforms added`);
}
