/**
 * What the program needs of a machine that is no single stage's: Node, a place for data, a clock, and what tests use.
 *
 * In:    the data directory. Out: the list that `doctor` looks at.
 * Holds: nothing is written; a directory that does not exist yet is judged by the nearest one above it.
 */
import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Need, NeedFound } from '../model/needs.ts';

const met = (found: string): NeedFound => ({ met: true, found, get: null });
const missing = (found: string, get: string): NeedFound => ({ met: false, found, get });

/** Below this a day of a busy host does not fit. */
const LEAST_FREE_BYTES = 1_000_000_000;
/** The first release of this program: a clock before it is wrong. */
const RELEASED_SECONDS = Date.UTC(2026, 10, 1) / 1000;

/** Where a program lies in PATH or the folders of root, or null. */
export async function whereIs(program: string, path: string = process.env['PATH'] ?? ''): Promise<string | null> {
  for (const folder of [...path.split(delimiter), '/usr/sbin', '/sbin']) {
    const file = join(folder, program);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** The nearest folder that exists, the path itself included. */
async function nearest(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? path : dirname(path);
  } catch {
    return path === dirname(path) ? path : nearest(dirname(path));
  }
}

async function lookAtNode(): Promise<NeedFound> {
  const major = Number(process.versions.node.split('.')[0]);
  const found = `Node ${process.versions.node} at ${process.execPath}`;
  return major >= 24 ? met(found) : missing(found, 'npm ci (brings its own Node 24 on Linux), or install Node 24');
}

async function lookAtDisk(dataDir: string): Promise<NeedFound> {
  const folder = await nearest(resolve(dataDir));
  try {
    await access(folder, constants.W_OK);
  } catch {
    return missing(`${folder} may not be written`, `flowgauge up --data DIR, with a DIR that you may write`);
  }
  const { bavail, bsize } = await statfs(folder);
  const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free in ${folder}`;
  return bavail * bsize >= LEAST_FREE_BYTES
    ? met(free)
    : missing(free, 'make room there, or choose another --data DIR');
}

/** Kept objects are a comfort: without room for them every question reads its objects anew. */
async function lookAtCache(): Promise<NeedFound> {
  const { cacheDirectory } = await import('../lake/read/cache/place.ts');
  const named = process.env['FLOWGAUGE_CACHE'];
  if (named === 'off') return met('off, by FLOWGAUGE_CACHE');
  const directory = named === undefined || named === '' ? cacheDirectory() : resolve(named);
  const folder = await nearest(directory);
  try {
    await access(folder, constants.W_OK);
  } catch {
    return missing(`${folder} may not be written`, 'set FLOWGAUGE_CACHE to a directory that you may write, or to off');
  }
  const { bavail, bsize } = await statfs(folder);
  return met(`${directory}, ${((bavail * bsize) / 1e9).toFixed(1)} GB free there`);
}

async function lookAtClock(): Promise<NeedFound> {
  const now = new Date();
  const found = now.toISOString();
  return now.getTime() / 1000 >= RELEASED_SECONDS
    ? met(found)
    : missing(`${found} is before this program was made`, 'sudo timedatectl set-ntp true');
}

/** Debian packages that only tests use, by the program that is looked for. */
const TEST_PROGRAMS: readonly (readonly [program: string, debian: string, gives: string])[] = [
  ['python3', 'python3', 'the independent reading that our records are compared with'],
  ['tshark', 'tshark', 'its counts beside ours'],
  ['ip', 'iproute2', 'tests between network namespaces'],
  ['nft', 'nftables', "tests of verdicts against the kernel's"],
  ['iperf3', 'iperf3', 'tests on real bulk traffic'],
  ['sshd', 'openssh-server', 'tests on real SSH sessions'],
  ['dig', 'bind9-dnsutils', 'tests on real DNS traffic'],
  ['dnsmasq', 'dnsmasq-base', 'tests on real DNS and DHCP traffic'],
  ['curl', 'curl', 'tests on real HTTP traffic'],
  ['ping', 'iputils-ping', 'tests on real ICMP traffic'],
  ['zstd', 'zstd', 'tests on files that another program packed'],
  ['nfpcapd', 'nfdump', 'a peer of the benchmark'],
  ['softflowd', 'softflowd', 'a peer of the benchmark'],
  ['argus', 'argus-server', 'a peer of the benchmark'],
  ['pmacctd', 'pmacct', 'a peer of the benchmark'],
];

/** What `doctor` looks at besides the needs of stages. */
export function needs(dataDir: string): Need[] {
  return [
    { name: 'Node', gives: 'everything', neededFor: ['up', 'capture', 'query', 'tests'], look: lookAtNode },
    { name: 'data directory', gives: 'a place for records', neededFor: ['up'], look: () => lookAtDisk(dataDir) },
    {
      name: 'cache',
      gives: 'second questions to S3 without reading it again',
      neededFor: ['query'],
      look: lookAtCache,
    },
    { name: 'clock', gives: 'records in the right hour', neededFor: ['up', 'capture'], look: lookAtClock },
    ...TEST_PROGRAMS.map(([program, debian, gives]): Need => ({
      name: program,
      gives,
      neededFor: ['tests'],
      look: async () => {
        const file = await whereIs(program);
        return file === null ? missing('not in PATH', `sudo apt-get install ${debian}`) : met(file);
      },
    })),
  ];
}
