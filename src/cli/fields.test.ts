import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIELDS } from '../record/fields/list.ts';

/** Runs `flowgauge fields` and gives its exit code and output. */
function fields(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), 'fields', ...words], { encoding: 'utf8' });
}

test('lists every field once, as lines and as JSON', () => {
  const names = FIELDS.map(({ name }) => name);
  const lines = fields().stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    names,
  );
  const json = JSON.parse(fields('--json').stdout) as { name: string }[];
  assert.deepEqual(
    json.map(({ name }) => name),
    names,
  );
});

test('prints formats that capture takes', () => {
  assert.match(fields('--as-format', '2').stdout, /^\$\{version\} \$\{account-id\} .* \$\{log-status\}\n$/);
  assert.match(fields('--as-format', 'tgw').stdout, /\$\{tgw-id\}/);
  assert.equal(fields('--as-format', '12').status, 2);
});

test('lists what a model cannot fill, and why', () => {
  const model = join(import.meta.dirname, '../app/server/demo/model.json');
  const lines = fields('--vpc', model).stdout;
  assert.match(lines, /^ecs-task-id .* no EcsTasks belong to an interface$/m);
  assert.doesNotMatch(lines, /^srcaddr /m);
});
