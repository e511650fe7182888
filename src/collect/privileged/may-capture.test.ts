import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { mayCapture } from './may-capture.ts';

const README = new URL('../../../README.md', import.meta.url);

test(
  'names sudo first, then the section of the README for a group',
  { skip: process.platform !== 'linux' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flowgauge-may-capture-'));
    const path = process.env['PATH'] ?? '';
    try {
      const words = "tcpdump: any: You don't have permission to perform this capture on that device";
      writeFileSync(join(folder, 'tcpdump'), `#!/bin/sh\necho "${words}" >&2\nexit 1\n`);
      chmodSync(join(folder, 'tcpdump'), 0o755);
      process.env['PATH'] = `${folder}${delimiter}${path}`;
      const told = (await mayCapture()) ?? '';
      assert.match(told, / may not capture; run with sudo, or allow your group/);
      assert.doesNotMatch(told, /setcap/);
      const section = /README\.md, "(.*)"/.exec(told)?.[1] ?? '';
      assert.match(readFileSync(README, 'utf8'), new RegExp(`^## ${section}$`, 'm'));
    } finally {
      process.env['PATH'] = path;
      rmSync(folder, { recursive: true });
    }
  },
);
