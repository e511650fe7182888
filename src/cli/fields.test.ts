import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIELDS } from '../record/fields/list.ts';

/** Runs `flowgauge fields` and gives its exit code and output. */
function fields(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), 'fields', ...words], { encoding: 'utf8' });
}

test('lists every field once, as a table and as JSON lines', () => {
  const names = FIELDS.map(({ name }) => name);
  const table = fields().stdout.trimEnd().split('\n').slice(2);
  assert.deepEqual(
    table.map((line) => line.split(' ')[0]),
    names,
  );
  const json = fields('--json').stdout.trimEnd().split('\n');
  assert.deepEqual(
    json.map((line) => (JSON.parse(line) as { name: string }).name),
    names,
  );
});

test('says all about one field, with hyphens or underscores, and refuses a name that is none', () => {
  assert.match(fields('tcp_flags').stdout, /^tcp-flags: OR over the packets/);
  const unknown = fields('tcp-flag');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /FG_FIELD_UNKNOWN/);
});

test('prints formats that capture takes', () => {
  assert.match(fields('--as-format', '2').stdout, /^\$\{version\} \$\{account-id\} .* \$\{log-status\}\n$/);
  assert.match(fields('--as-format', 'tgw').stdout, /\$\{tgw-id\}/);
  assert.equal(fields('--as-format', '12').status, 2);
});

test('lists what a model cannot fill', () => {
  const model = join(import.meta.dirname, '../app/server/demo/model.json');
  const names = fields('--vpc', model, '--json').stdout;
  assert.match(names, /"ecs-task-id"/);
  assert.doesNotMatch(names, /"srcaddr"/);
});
