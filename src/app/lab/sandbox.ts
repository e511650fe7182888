/**
 * The namespaces in which a lab lives, from outside: starting them, finding them, running in them, ending them.
 *
 * In:    a data directory. Out: command lines; the labs that run.
 * Holds: a lab is one process tree in a user (where this user is not root), process, mount and network namespace of its own.
 *        Its first process names the data directory among its words: by that, and by being first in its namespace, it is
 *        found without any file. When it ends, whatever ends it, the kernel ends all others and takes all networks away.
 *        Nothing but a process of that kind, of this user, is ever ended.
 * Fails: FG_LAB_NONE, FG_LAB_STAYS; `sandboxMissing` gives the reason instead.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { failure } from '../../model/errors.ts';

/** The program of the first process. */
const KEEPER = fileURLToPath(new URL('keeper.ts', import.meta.url));
const MARK = 'flowgauge-lab:';
/** `up` writes out what it has when it ends; that takes some seconds. */
const PATIENCE_MILLIS = 20_000;
const LOOK_MILLIS = 50;

/** A lab that runs. `pid` is of its first process, as this process sees it: of the lab that it is in itself 1. */
export type RunningLab = { readonly directory: string; readonly pid: number };

const isRoot = (): boolean => process.getuid?.() === 0;

/** The directory as all who name it agree on. */
export function labPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return resolve(directory);
  }
}

/** With the child the namespaces end, and with us the child. */
const ISOLATED = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];

/** The namespaces, and in them a system and a place for named networks that are the lab's own. */
function inNamespaces(words: readonly string[]): string[] {
  const prepare = 'mount -t sysfs lab /sys && mount -t tmpfs -o mode=755 lab /run && exec "$@"';
  return [
    'unshare', // tcpdump becomes another user, so there must be others: those that /etc/subuid gives this one.
    ...(isRoot() ? [] : ['--user', '--map-root-user', '--map-auto']),
    ...ISOLATED,
    'sh',
    '-c',
    prepare,
    ...words,
  ];
}

/** The command that starts the first process of a lab. */
export function keeperCommand(directory: string): string[] {
  const mark = `${MARK}${directory}`;
  return inNamespaces([mark, process.execPath, KEEPER, mark]);
}

/** The data directory that the words of a keeper name. */
export function directoryIn(words: readonly string[]): string | null {
  return words.find((word) => word.startsWith(MARK))?.slice(MARK.length) ?? null;
}

/** The labs of this user that run. */
export function runningLabs(): RunningLab[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => labOf(Number(name)) ?? []);
}

function labOf(pid: number): RunningLab | null {
  try {
    if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return null;
    const directory = directoryIn(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
    const isFirst = /^NSpid:\t(?:\d+\t)?1$/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return directory !== null && isFirst ? { directory, pid } : null;
  } catch {
    // It ended meanwhile, or is not ours to see.
    return null;
  }
}

/** The lab of a directory; null where none runs. */
export function findLab(directory: string): RunningLab | null {
  const path = labPath(directory);
  return runningLabs().find((lab) => lab.directory === path) ?? null;
}

/** As `findLab`; fails where none runs. */
export function labThatRuns(directory: string): RunningLab {
  const lab = findLab(directory);
  if (lab === null) throw failure('FG_LAB_NONE', directory);
  return lab;
}

/** The command that runs another in the router of a lab. */
export function inLab({ pid }: RunningLab, command: readonly string[]): string[] {
  // We are there.
  if (pid === 1) return [...command];
  const isOther = readlinkSync(`/proc/${pid}/ns/user`) !== readlinkSync('/proc/self/ns/user');
  return [
    'nsenter',
    `--target=${pid}`,
    ...(isOther ? ['--user', '--preserve-credentials'] : []),
    '--mount',
    '--net',
    '--pid',
    `--wd=${process.cwd()}`,
    '--',
    ...command,
  ];
}

/** The command that runs another on a host of a lab. */
export function onHost(lab: RunningLab, host: string, command: readonly string[]): string[] {
  return inLab(lab, ['ip', 'netns', 'exec', host, ...command]);
}

/** The hosts of a lab. */
export function hostsOf(lab: RunningLab): string[] {
  const [program = '', ...words] = inLab(lab, ['ip', 'netns', 'list']);
  const { stdout } = spawnSync(program, words, { encoding: 'utf8' });
  return stdout
    .split('\n')
    .flatMap((line) => line.split(' ')[0] || [])
    .toSorted();
}

/**
 * Ends a lab: asks it to, then makes it. Settles when nothing of it is left.
 *
 * @returns whether it ended by itself
 */
export async function endLab({ pid }: RunningLab): Promise<boolean> {
  const began = startOf(pid);
  const isThere = (): boolean => began !== null && startOf(pid) === began;
  signal(pid, 'SIGTERM');
  const until = performance.now() + PATIENCE_MILLIS;
  while (isThere() && performance.now() < until) await wait(LOOK_MILLIS);
  if (!isThere()) return true;
  signal(pid, 'SIGKILL');
  while (isThere()) await wait(LOOK_MILLIS);
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
    throw failure('FG_LAB_STAYS', pid, String(error));
  }
}

/** When a process began, in ticks since the machine did; null where there is none, or nothing but its entry. */
function startOf(pid: number): string | null {
  try {
    const [, state, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '- ')
      .split(' ');
    return state === 'Z' || state === 'X' ? null : (rest[18] ?? null);
  } catch {
    return null;
  }
}

/** Programs without which there is no lab, and their Debian packages. */
const PROGRAMS = [
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  ['tcpdump', 'tcpdump'],
] as const;

/** PATH with the folders of root, where some distributions keep these programs. */
export function pathOfLab(path: string = process.env['PATH'] ?? ''): string {
  const folders = path.split(delimiter);
  return [...folders, ...['/usr/sbin', '/sbin'].filter((one) => !folders.includes(one))].join(delimiter);
}

/** Why no lab can run here and what helps; null where one can. It is tried, not guessed. */
export function sandboxMissing(): { readonly why: string; readonly get: string } | null {
  if (process.platform !== 'linux')
    return { why: `it needs Linux, and this is ${process.platform}`, get: 'use a Linux machine' };
  const folders = pathOfLab().split(delimiter);
  const lacking = PROGRAMS.filter(([name]) => !folders.some((folder) => isFile(join(folder, name))));
  if (lacking.length > 0)
    return {
      why: `${lacking.map(([name]) => name).join(', ')} not found`,
      get: `sudo apt-get install -y ${[...new Set(lacking.map(([, debian]) => debian))].join(' ')}`,
    };
  const trial = [
    'mkdir /run/netns && ip netns add i-trial && ip link add eni-trial type veth peer name eth0 netns i-trial',
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
    `printf 'table inet t {\\n chain c {\\n type nat hook postrouting priority srcnat;\\n ct state established accept\\n }\\n}\\n' | nft -f -`,
    'ip link set lo up',
    "{ timeout 0.3 tcpdump -n -i any -w - 2>/run/said >/dev/null; grep -q 'listening on' /run/said || { cat /run/said >&2; false; }; }",
  ].join(' && ');
  const [program = '', ...words] = inNamespaces(['trial', 'sh', '-c', trial]);
  const { status, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, PATH: pathOfLab() },
  });
  if (status === 0) return null;
  const why = error?.message ?? (stderr.trim().split('\n').at(-1) || `exit ${status}`);
  return isRoot()
    ? { why, get: 'namespaces, veth and nftables must be in the kernel, and a container must be privileged' }
    : {
        why,
        get: 'run it with sudo, or see docs/lab.md, "Without root"',
      };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Not there, or in a folder of somebody else.
    return false;
  }
}
