/**
 * `npm run native`: builds the optional netlink reader, `native/build/netlink.node`.
 *
 * In:    `native/netlink.c`, a C compiler, the headers that this Node came with. Out: the addon; `flowgauge` uses it from its next
 *        start on. Nothing builds it by itself.
 * Holds: an addon that is in use is replaced whole.
 * Fails: exit 1, with what is missing or what the compiler said.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './files.ts';

const source = join(ROOT, 'native', 'netlink.c');
const built = join(ROOT, 'native', 'build', 'netlink.node');
const include = join(dirname(process.execPath), '..', 'include', 'node');
const compiler = process.env['CC'] ?? 'cc';

/** Why it was not built; null: it was. */
function build(): string | null {
  if (process.platform !== 'linux') return 'it speaks to the Linux kernel, and this is not Linux';
  if (!existsSync(join(include, 'node_api.h')))
    return `${include} has no node_api.h; run it under the Node of this clone: npm ci, then npm run native`;
  mkdirSync(dirname(built), { recursive: true });
  const flags = ['-std=c11', '-O2', '-fPIC', '-shared', '-Wall', '-Wextra', '-Werror', '-Wl,-z,relro,-z,now'];
  const words = [...flags, '-I', include, '-o', `${built}.new`, source];
  const { error, status, stderr } = spawnSync(compiler, words, { encoding: 'utf8' });
  if (error) return `${compiler} does not run (${error.message}); Debian: sudo apt-get install -y gcc libc6-dev`;
  if (status !== 0) return `${compiler} ended with ${status}:\n${stderr}`;
  renameSync(`${built}.new`, built);
  return null;
}

const why = build();
if (why === null) console.log('native/build/netlink.node is built; what runs already goes on without it');
else console.error(`the netlink reader was not built: ${why}`);
process.exitCode = why === null ? 0 : 1;
