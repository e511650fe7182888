/**
 * `npm run package`: the package that other projects install, as JavaScript with its types.
 *
 * In:    the clone, or `--out DIR` for another place than `build/`. Out: `DIR/flowgauge/` and `DIR/flowgauge-VERSION.tgz`;
 *        the path of the latter on stdout.
 * Holds: everything under `src/` but tests, and the console, built; TypeScript under node_modules is not run by Node, so it is compiled. Paths of
 *        imports are the compiler's work, the rest of the program finds its files beside itself. Types are checked by `npm run check`.
 * Fails: exit 1 with what the compiler or npm said.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles, ROOT } from './files.ts';

/** Read by Node of any age, so that an old one says what is missing instead of a syntax error. */
const LAUNCHER = `#!/usr/bin/env node
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error('flowgauge: needs Node 24 or newer and runs under ' + process.version);
  process.exit(1);
}
import('../src/cli/main.js').then(function (main) {
  return main.main();
});
`;

type Manifest = Record<string, unknown> & { readonly version: string; readonly exports: Record<string, string> };

const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'build') } } });
const out = resolve(values.out);
const folder = join(out, 'flowgauge');

function run(command: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (done.status === 0) return done.stdout;
  console.error(done.error?.message ?? `${done.stdout}${done.stderr}`);
  process.exit(1);
}

function manifest(): Manifest {
  const clone = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const exports = Object.entries(clone.exports).map(([name, path]) => {
    const compiled = path.replace(/\.ts$/, '');
    return [name, { types: `${compiled}.d.ts`, default: `${compiled}.js` }];
  });
  const { name, version, description, license, type, dependencies } = clone;
  return {
    name,
    version,
    description,
    license,
    type,
    dependencies,
    bin: { flowgauge: 'bin/flowgauge.cjs' },
    exports: Object.fromEntries(exports) as Record<string, string>,
    engines: { node: '>=24' },
  };
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'bin'), { recursive: true });
run(
  process.execPath,
  [
    join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.package.json',
    '--outDir',
    join(folder, 'src'),
  ],
  ROOT,
);
for (const path of listFiles(ROOT)) {
  const isCopied = (path.startsWith('src/') && !path.endsWith('.ts')) || path === 'README.md' || path === 'LICENSE';
  if (!isCopied) continue;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  copyFileSync(join(ROOT, path), join(folder, path));
}
// The console as it is built; `listFiles` passes over it, for it is made.
run(process.execPath, [join(ROOT, 'scripts', 'build-web.ts')], ROOT);
cpSync(join(ROOT, 'web', 'dist'), join(folder, 'web', 'dist'), { recursive: true });
const about = manifest();
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
writeFileSync(join(folder, 'bin', 'flowgauge.cjs'), LAUNCHER);
chmodSync(join(folder, 'bin', 'flowgauge.cjs'), 0o755);
run('npm', ['pack', '--silent', '--pack-destination', out], folder);
console.log(join(out, `flowgauge-${about.version}.tgz`));
