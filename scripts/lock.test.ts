import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import { completed, missingFrom, platformOf } from './lock.ts';
import type { Lock } from './lock.ts';

test('the lock holds every build that it names (else `npm ci` refuses it: bin/node scripts/lock.ts)', () => {
  assert.deepEqual(missingFrom(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock), []);
});

test('a build that npm left out is added with version and platform, and marked as its parent is', () => {
  const lock: Lock = {
    packages: {
      'node_modules/a': { version: '2.0.0', dev: true, optionalDependencies: { 'a-linux-x64-musl': '2.0.0' } },
      'node_modules/b': { version: '1.0.0' },
    },
  };
  assert.deepEqual(missingFrom(lock), [{ name: 'a-linux-x64-musl', version: '2.0.0', dev: true }]);
  const whole = completed(lock);
  assert.deepEqual(Object.keys(whole.packages), ['node_modules/a', 'node_modules/a-linux-x64-musl', 'node_modules/b']);
  assert.deepEqual(whole.packages['node_modules/a-linux-x64-musl'], {
    version: '2.0.0',
    cpu: ['x64'],
    dev: true,
    libc: ['musl'],
    optional: true,
    os: ['linux'],
  });
  assert.deepEqual(missingFrom(whole), []);
});

test('reads the platform from the name of a build', () => {
  assert.deepEqual(platformOf('@duckdb/node-bindings-darwin-arm64'), { os: ['darwin'], cpu: ['arm64'] });
  assert.deepEqual(platformOf('@oxlint/binding-linux-arm-gnueabihf'), { os: ['linux'], cpu: ['arm'], libc: ['glibc'] });
  assert.throws(() => platformOf('left-pad'), /does not say for which machines/);
});
