/**
 * A small network of real hosts for tests: two instances and a router between them, each a network namespace.
 *
 * In:    nothing; root and iproute2. Out: commands run in a namespace, addresses, device names.
 * Holds: names are this process's own; `remove` takes everything away and ends only processes that it started.
 * Fails: with the command that failed and what it said.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export type Host = 'a' | 'b' | 'router';

export type Network = {
  /** Addresses of the instances, and their MAC addresses. */
  readonly a: Instance;
  readonly b: Instance;
  /** Runs a command in a namespace to its end and gives its output; fails unless `mayFail`. */
  run(host: Host, command: readonly string[], mayFail?: boolean): string;
  /** Starts a command in a namespace that runs until `remove`. */
  start(host: Host, command: readonly string[]): ChildProcess;
  /** Settles when a TCP port of a host listens, or a UDP one is bound. */
  listening(host: Host, protocol: 'tcp' | 'udp', port: number): Promise<void>;
  remove(): Promise<void>;
};

export type Instance = {
  readonly address4: string;
  readonly address6: string;
  readonly mac: string;
  readonly routerDevice: string;
};

/** What this machine lacks for such a network; null where nothing. */
export function namespacesMissing(commands: readonly string[]): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root for network namespaces';
  const missing = ['ip', ...commands].filter((command) => spawnSync('which', [command]).status !== 0);
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  const name = `fg${process.pid}probe`;
  const made = spawnSync('ip', ['netns', 'add', name]);
  spawnSync('ip', ['netns', 'delete', name]);
  return made.status === 0 ? null : 'network namespaces cannot be made here';
}

/** Builds the network: 10.77.1.0/24 and 10.77.2.0/24, fd77:1::/64 and fd77:2::/64. */
export function buildNetwork(): Network {
  const prefix = `fg${process.pid}`;
  const started: ChildProcess[] = [];
  const must = (command: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command.join(' ')}: exit ${status}: ${stderr}${stdout}`);
    return stdout;
  };
  const inside = (host: Host, command: readonly string[]): string[] => [
    'ip',
    'netns',
    'exec',
    `${prefix}${host}`,
    ...command,
  ];
  const instance = (host: 'a' | 'b', net: number, mac: string): Instance => {
    must(['ip', 'netns', 'add', `${prefix}${host}`]);
    must(inside(host, ['ip', 'link', 'set', 'lo', 'up']));
    must([
      'ip',
      'link',
      'add',
      `to-${host}`,
      'netns',
      `${prefix}router`,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      `${prefix}${host}`,
    ]);
    must(inside(host, ['ip', 'link', 'set', 'eth0', 'address', mac, 'up']));
    must(inside(host, ['ip', 'addr', 'add', `10.77.${net}.10/24`, 'dev', 'eth0']));
    must(inside(host, ['ip', 'addr', 'add', `fd77:${net}::10/64`, 'dev', 'eth0', 'nodad']));
    must(inside('router', ['ip', 'link', 'set', `to-${host}`, 'up']));
    must(inside('router', ['ip', 'addr', 'add', `10.77.${net}.1/24`, 'dev', `to-${host}`]));
    must(inside('router', ['ip', 'addr', 'add', `fd77:${net}::1/64`, 'dev', `to-${host}`, 'nodad']));
    must(inside(host, ['ip', 'route', 'add', 'default', 'via', `10.77.${net}.1`]));
    must(inside(host, ['ip', '-6', 'route', 'add', 'default', 'via', `fd77:${net}::1`]));
    return { address4: `10.77.${net}.10`, address6: `fd77:${net}::10`, mac, routerDevice: `to-${host}` };
  };
  must(['ip', 'netns', 'add', `${prefix}router`]);
  must(inside('router', ['ip', 'link', 'set', 'lo', 'up']));
  must(inside('router', ['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']));
  const a = instance('a', 1, '02:77:00:00:00:0a');
  const b = instance('b', 2, '02:77:00:00:00:0b');
  return {
    a,
    b,
    run(host, command, mayFail = false) {
      const all = inside(host, command);
      const { status, stdout, stderr } = spawnSync(all[0]!, all.slice(1), { encoding: 'utf8', timeout: 60_000 });
      if (status !== 0 && !mayFail) throw new Error(`${command.join(' ')}: exit ${status}: ${stderr}${stdout}`);
      return stdout;
    },
    start(host, command) {
      const all = inside(host, command);
      const child = spawn(all[0]!, all.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.resume();
      child.stderr.resume();
      started.push(child);
      return child;
    },
    async listening(host, protocol, port) {
      const all = inside(host, ['ss', protocol === 'tcp' ? '-tlnH' : '-ulnH', `sport = :${port}`]);
      for (let tries = 0; tries < 2000; tries++) {
        const { stdout } = spawnSync(all[0]!, all.slice(1), { encoding: 'utf8' });
        if (stdout.trim() !== '') return;
      }
      throw new Error(`nothing listens on ${protocol} port ${port}`);
    },
    async remove() {
      for (const child of started) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      for (const host of ['a', 'b', 'router']) spawnSync('ip', ['netns', 'delete', `${prefix}${host}`]);
    },
  };
}
