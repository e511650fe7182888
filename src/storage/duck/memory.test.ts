import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openDuck } from './duck.ts';
import { memoryBudget, spillDirectory } from './memory.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-memory-'));
after(() => rmSync(directory, { recursive: true, force: true }));
/** Some 100 MB of text that no compression makes small. */
const LARGE = 'CREATE TABLE t AS SELECT i, concat(hash(i), hash(i + 1), hash(i + 2)) AS s FROM range(1500000) r(i)';
const LIMIT = 60_000_000;

test('rows beyond the memory go to disk, and are asked there', async () => {
  const duck = await openDuck({ memoryLimitBytes: LIMIT, tempDirectory: directory, threads: 1 });
  await duck.run(LARGE);
  assert.deepEqual(await duck.all('SELECT count(*), count(DISTINCT length(s)) > 0, max(i) FROM t'), [
    [1_500_000, true, 1_499_999],
  ]);
  assert.ok(readdirSync(directory).length > 0);
  assert.deepEqual(await duck.all('SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY s) AS n FROM t)'), [
    [1_500_000],
  ]);
  await duck.close();
});

test('what memory and disk cannot hold ends with an error that names the way out', async () => {
  const duck = await openDuck({ memoryLimitBytes: LIMIT, tempDirectory: directory, threads: 1 });
  await duck.run(LARGE);
  await assert.rejects(duck.all("SELECT length(string_agg(s, ',' ORDER BY s)) FROM t"), {
    code: 'FG_MEMORY',
    message: /60 MB.*--memory/u,
  });
  // It goes on.
  assert.deepEqual(await duck.all('SELECT count(*) FROM t'), [[1_500_000]]);
  await duck.close();
  const nowhere = await openDuck({ memoryLimitBytes: LIMIT, threads: 1 });
  await assert.rejects(nowhere.run(LARGE), { code: 'FG_MEMORY' });
  await nowhere.close();
});

test('without a bound, a share of the memory is taken, and a directory that is there', () => {
  assert.ok(memoryBudget() >= 256e6 && memoryBudget() <= Math.max(256e6, totalmem() * 0.6));
  assert.ok(readdirSync(spillDirectory()).length >= 0);
});
