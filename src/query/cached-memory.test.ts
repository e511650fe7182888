import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SLOT_SECONDS, buildBucket } from '../lake/read/build-bucket.ts';
import { ask } from './ask.ts';
import type { AskOptions } from './ask.ts';
import type { Cell } from './engine.ts';

const built = buildBucket();
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
after(() => {
  built.remove();
  rmSync(directory, { recursive: true, force: true });
});

async function answer(from: string, question: string, parameters: Record<string, string>, options: AskOptions) {
  const given = await ask(from, question, parameters, options);
  const rows: (readonly Cell[])[] = [];
  for await (const batch of given.rows) rows.push(...batch);
  return rows;
}

test('more rows than memory holds are asked all the same, with a cache and without', async () => {
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  for (let object = 0; object < 6; object++) {
    const slot = SLOT_SECONDS + object * 86_400;
    const lines = Array.from({ length: 20_000 }, (_, at) => {
      const far = `${1 + (at % 200)}.${object}.${(at >> 8) % 250}.${at % 250}`;
      return `2 123456789012 eni-${(at * 7919 + object).toString(16).padStart(17, '0')} 10.0.0.4 ${far} 443 ${at} 6 ${at} ${at * 40} ${slot} ${slot + 30} ACCEPT OK`;
    });
    built.text([header, ...lines], { slotSeconds: slot });
  }
  // Some 20 MB of rows in memory, sorted by what no pack is sorted by.
  const question =
    'SELECT count(*), sum(n * length(x)) FROM (SELECT row_number() OVER (ORDER BY interface_id, start) AS n, concat(interface_id, dstaddr) AS x FROM flow_logs)';
  const plain = await answer(built.directory, question, {}, {});
  assert.equal(plain[0]![0], 120_000);
  const memoryBytes = 24e6;
  assert.deepEqual(await answer(built.directory, question, {}, { memoryBytes }), plain);
  const cache = { directory };
  for (let time = 0; time < 2; time++)
    assert.deepEqual(await answer(built.directory, question, {}, { memoryBytes, cache }), plain);
  // Several packs, for memory is small.
  assert.ok(readdirSync(join(directory, 'packs')).length > 2);
  await assert.rejects(
    answer(
      built.directory,
      "SELECT length(string_agg(concat(interface_id, dstaddr), ',' ORDER BY bytes)) FROM flow_logs",
      {},
      { memoryBytes: 16e6, cache },
    ),
    { code: 'FG_MEMORY' },
  );
});

test('every saved query gives from the cache what its answers say', async () => {
  const fixtures = join(import.meta.dirname, '../../test/fixtures/saved-queries');
  const cases = JSON.parse(readFileSync(join(fixtures, 'answers/answers.json'), 'utf8')) as {
    query: string;
    parameters: Record<string, string>;
    over: string | null;
    rows: Cell[][];
  }[];
  const saved = buildBucket();
  const own = mkdtempSync(join(tmpdir(), 'flowgauge-cache-'));
  try {
    for (const name of readdirSync(fixtures).filter((file) => file.endsWith('.log'))) {
      // Each file in several objects, of several days.
      const [header = '', ...lines] = readFileSync(join(fixtures, name), 'utf8').trimEnd().split('\n');
      for (let part = 0; part < 3; part++) {
        const slotSeconds = SLOT_SECONDS + part * 86_400;
        saved.text([header, ...lines.filter((_, at) => at % 3 === part)], { slotSeconds });
      }
    }
    const question = cases.filter(({ over }) => over === null);
    assert.ok(question.length > 30);
    const memoryBytes = 300e6;
    for (const { query, parameters, rows } of question)
      assert.deepEqual(
        await answer(saved.directory, query, parameters, { cache: { directory: own }, memoryBytes }),
        rows,
        query,
      );
  } finally {
    saved.remove();
    rmSync(own, { recursive: true, force: true });
  }
});
