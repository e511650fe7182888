/** The first rejected packet with its rule, by the commands that the README and the docs give for a clean checkout. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['nft', 'tcpdump', 'unshare', 'nsenter']) ?? false;
const ROOT = join(import.meta.dirname, '..', '..');
/** For one command that never ends. */
const TIMEOUT_MILLIS = 120_000;

/** The lines of the shell in which a lab comes up. */
function commandsIn(page: string): string[] {
  const blocks = readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n(npm ci\n[^`]*lab up[^`]*)^```$/gm);
  const [block, ...more] = [...blocks].map(([, lines]) => lines!.trimEnd().split('\n'));
  assert.deepEqual([block?.[0], more], ['npm ci', []], page);
  return block!.slice(1);
}

test('the commands of the docs end in a rejected packet with its rule, and leave no lab', { skip }, () => {
  const commands = commandsIn('docs/lab.md');
  assert.deepEqual(commandsIn('README.md'), commands);
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-first-'));
  // Its data directory is where it is called; the program is that of this checkout, and its port may be taken here.
  const run = (line: string): string => {
    const shell = line.replace('bin/flowgauge', join(ROOT, 'bin/flowgauge')).replace(/lab up .*$/, '$& --port 0');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', shell], {
      cwd: scratch,
      encoding: 'utf8',
      timeout: TIMEOUT_MILLIS,
    });
    assert.equal(status, 0, `${line}: ${stdout}${stderr}`);
    return stdout;
  };
  try {
    const answers = new Map(commands.map((line) => [line, run(line)]));
    const asked = commands.find((line) => line.startsWith('bin/flowgauge query'))!;
    const [head = '', , ...rows] = answers.get(asked)!.trimEnd().split('\n');
    assert.deepEqual(head.split(/ +/), ['srcaddr', 'dstport', 'action', 'x_rule_id', 'packets']);
    assert.ok(rows.length > 0, 'something was rejected');
    for (const row of rows) assert.match(row, /^\S+ +\d+ +REJECT +(?:default-deny|acl-[0-9a-f]+\/in\/\S+) +[1-9]\d*$/);
    assert.match(answers.get('bin/flowgauge lab down')!, /ended/);
  } finally {
    spawnSync(join(ROOT, 'bin/flowgauge'), ['lab', 'down'], { cwd: scratch });
    rmSync(scratch, { recursive: true, force: true });
  }
});
