/**
 * OpenStack Swift with its S3 face, from Debian: an S3 server that nobody made for us.
 *
 * In:    nothing. Out: a running proxy with one account, one replica, on a plain directory.
 * Holds: runs as whoever calls; nothing of the machine is changed. The directory must keep extended attributes.
 * Fails: NotHere where the packages are missing.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { NotHere, Processes, directoryOf, freePort } from './server.ts';
import type { S3Server } from './server.ts';

const PROGRAMS = [
  'swift-proxy-server',
  'swift-account-server',
  'swift-container-server',
  'swift-object-server',
  'swift-ring-builder',
  'memcached',
];
const PACKAGES = 'swift-proxy swift-account swift-container swift-object memcached';

function missing(): string[] {
  return PROGRAMS.filter((program) => {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'pipe' });
      return false;
    } catch {
      return true;
    }
  });
}

/** Settings that all of its servers have. */
const COMMON = (home: string, port: number): string => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
user = ${userInfo().username}
swift_dir = ${home}
devices = ${home}/devices
mount_check = false
workers = 0
log_level = ERROR
log_address = ${home}/no-log
fallocate_reserve = 0
disable_fallocate = true
`;

const PROXY = (home: string, port: number, memcached: number): string => `${COMMON(home, port)}
[pipeline:main]
pipeline = cache s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${memcached}
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:slo]
use = egg:swift#slo
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
`;

const STORE = (home: string, port: number, kind: string): string => `${COMMON(home, port)}
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`;

/** Starts it. */
export async function startSwift(): Promise<S3Server> {
  const lacking = missing();
  if (lacking.length > 0) throw new NotHere(`no ${lacking.join(', ')}: sudo apt-get install ${PACKAGES}`);
  const directory = directoryOf('swift');
  const home = directory.path;
  const processes = new Processes(home);
  const stop = async (): Promise<void> => {
    await processes.stop();
    directory.remove();
  };
  try {
    mkdirSync(join(home, 'devices', 'd1'), { recursive: true });
    writeFileSync(
      join(home, 'swift.conf'),
      '[swift-hash]\nswift_hash_path_prefix = flowgauge\nswift_hash_path_suffix = flowgauge\n[storage-policy:0]\nname = one\ndefault = yes\n',
    );
    const memcached = await freePort();
    await processes.start(
      'memcached',
      ['-l', '127.0.0.1', '-p', String(memcached), '-U', '0', '-u', userInfo().username],
      memcached,
    );
    for (const kind of ['account', 'container', 'object']) {
      const port = await freePort();
      const builder = join(home, `${kind}.builder`);
      const ring = (...args: readonly string[]): Buffer =>
        execFileSync('swift-ring-builder', [builder, ...args], { stdio: 'pipe' });
      ring('create', '4', '1', '0');
      ring(
        'add',
        '--region',
        '1',
        '--zone',
        '1',
        '--ip',
        '127.0.0.1',
        '--port',
        String(port),
        '--device',
        'd1',
        '--weight',
        '1',
      );
      ring('rebalance');
      const config = join(home, `${kind}.conf`);
      writeFileSync(config, STORE(home, port, kind));
      await processes.start(`swift-${kind}-server`, [config], port, { SWIFT_DIR: home });
    }
    const port = await freePort();
    const config = join(home, 'proxy.conf');
    writeFileSync(config, PROXY(home, port, memcached));
    await processes.start('swift-proxy-server', [config], port, { SWIFT_DIR: home });
    const endpoint = `http://127.0.0.1:${port}`;
    return { endpoint, accessKeyId: 'test:tester', secretAccessKey: 'testing', stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
