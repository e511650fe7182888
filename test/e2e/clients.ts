/**
 * Real clients and servers, talking through a network of namespaces.
 *
 * In:    a network. Out: traffic on it: web, SSH, ping, DNS, iperf3, a closed port and a port where nobody answers.
 * Holds: servers listen on the instance `b` only; everything is bounded in count and time.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Network } from './namespaces.ts';

/** What the clients need on the machine. */
export const CLIENT_COMMANDS = [
  'curl',
  'ssh',
  'sshd',
  'ssh-keygen',
  'ping',
  'dig',
  'dnsmasq',
  'iperf3',
  'python3',
  'tcpdump',
  'ss',
];

/** Starts the servers on `b`. */
export async function startServers(network: Network, scratch: string): Promise<void> {
  const web = join(scratch, 'web');
  mkdirSync(web, { recursive: true });
  writeFileSync(join(web, 'page.html'), 'x'.repeat(40_000));
  network.start('b', ['python3', '-m', 'http.server', '80', '--bind', '::', '--directory', web]);
  network.start('b', ['iperf3', '-s', '-p', '5201']);
  network.start('b', [
    'dnsmasq',
    '--no-daemon',
    '--conf-file=/dev/null',
    '--no-resolv',
    '--no-hosts',
    '--bind-interfaces',
    '--listen-address=10.77.2.10',
    '--address=/web.test/10.77.2.10',
    '--pid-file=',
  ]);
  const key = join(scratch, 'host-key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(scratch, 'user-key')]);
  chmodSync(scratch, 0o700);
  writeFileSync(
    join(scratch, 'sshd_config'),
    [
      'Port 22',
      `HostKey ${key}`,
      `AuthorizedKeysFile ${join(scratch, 'user-key.pub')}`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      `PidFile ${join(scratch, 'sshd.pid')}`,
      '',
    ].join('\n'),
  );
  mkdirSync('/run/sshd', { recursive: true });
  network.start('b', ['/usr/sbin/sshd', '-D', '-e', '-f', join(scratch, 'sshd_config')]);
  await Promise.all([
    network.listening('b', 'tcp', 80),
    network.listening('b', 'tcp', 22),
    network.listening('b', 'tcp', 5201),
    network.listening('b', 'udp', 53),
  ]);
}

/** Runs every client once from `a`. */
export function runClients(network: Network, scratch: string): void {
  const { address4, address6 } = network.b;
  network.run('a', ['curl', '-sS', '--max-time', '10', '-o', '/dev/null', `http://${address4}/page.html`]);
  network.run('a', ['curl', '-sS', '--max-time', '10', '-o', '/dev/null', `http://[${address6}]/page.html`]);
  network.run('a', ['ping', '-c', '4', '-i', '0.2', address4]);
  network.run('a', ['ping', '-c', '3', '-i', '0.2', address6]);
  network.run('a', ['ping', '-c', '2', '-i', '0.2', '-s', '3000', address4]);
  network.run('a', ['dig', '+time=2', '+tries=1', `@${address4}`, 'web.test']);
  network.run('a', ['dig', '+tcp', '+time=2', '+tries=1', `@${address4}`, 'web.test']);
  network.run(
    'a',
    [
      'ssh',
      '-i',
      join(scratch, 'user-key'),
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'BatchMode=yes',
      '-o',
      'LogLevel=ERROR',
      `root@${address4}`,
      'true',
    ],
    true,
  );
  network.run('a', ['iperf3', '-c', address4, '-p', '5201', '-n', '2M']);
  network.run('a', ['iperf3', '-c', address4, '-p', '5201', '-u', '-b', '5M', '-n', '200K']);
  // Nobody listens on 3389: the kernel answers RST. UDP to a closed port: port unreachable.
  network.run('a', ['curl', '-sS', '--max-time', '2', `http://${address4}:3389/`], true);
  network.run('a', ['dig', '+time=1', '+tries=1', '-p', '9999', `@${address4}`, 'web.test'], true);
}
