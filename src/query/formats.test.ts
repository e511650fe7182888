import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildBucket } from '../lake/read/build-bucket.ts';
import { FIELDS, columnName } from '../record/fields/list.ts';
import { ask, askIntoParquet } from './ask.ts';
import type { Answer } from './engine.ts';

/** Fields of every kind, and names that nobody knows. */
const anyFields = fc
  .uniqueArray(
    fc.oneof(
      fc.constantFrom(...FIELDS),
      fc.stringMatching(/^[a-z][a-zA-Z-]{3,12}$/).map((name) => ({ name: `zz-${name}`, column: 'VARCHAR' })),
    ),
    {
      minLength: 1,
      maxLength: 20,
      selector: ({ name }) => name.toLowerCase(),
    },
  )
  .filter((fields) => fields.some(({ name }) => !name.startsWith('zz-')));

function anyValue(column: string): fc.Arbitrary<string> {
  if (column === 'INTEGER') return fc.oneof(fc.constant('-'), fc.nat(0x7fff_ffff).map(String));
  if (column === 'BIGINT') return fc.oneof(fc.constant('-'), fc.bigInt(0n, 2n ** 63n - 1n).map(String));
  return fc.oneof(
    fc.constant('-'),
    fc.stringMatching(/^[!-~]{1,30}$/).filter((text) => text !== '-'),
    fc.constantFrom('10.0.0.1', 'é', '日本'),
  );
}

const anyFile = anyFields.chain((fields) =>
  fc.record({
    fields: fc.constant(fields),
    lines: fc.array(fc.tuple(...fields.map(({ column }) => anyValue(column))), { minLength: 1, maxLength: 12 }),
  }),
);

async function linesOf(answer: Answer): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of answer.rows)
    for (const row of batch) lines.push(row.map((value) => value ?? '-').join(' '));
  return lines.sort((a, b) => (a < b ? -1 : 1));
}

test('reads two files of any formats in one question, by text and by Parquet alike', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, anyFile, async (one, two) => {
      const built = buildBucket();
      try {
        const files = [one, two];
        for (const { fields, lines } of files) {
          built.text([fields.map(({ name }) => name).join(' '), ...lines.map((values) => values.join(' '))]);
        }
        const names = [
          ...new Set(files.flatMap(({ fields }) => fields.map(({ name }) => columnName(name).toLowerCase()))),
        ];
        const expected = files.flatMap(({ fields, lines }) =>
          lines.map((values) => {
            const own = new Map(fields.map(({ name }, at) => [columnName(name).toLowerCase(), values[at]]));
            return names.map((name) => own.get(name) ?? '-').join(' ');
          }),
        );
        const sql = `SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM flow_logs`;
        const answer = await ask(built.directory, sql);
        assert.deepEqual(
          await linesOf(answer),
          expected.sort((a, b) => (a < b ? -1 : 1)),
        );
        assert.deepEqual(
          answer.notes.filter(({ kind }) => kind !== 'unknown-field'),
          [],
        );
        const saved = `${built.directory}/saved.parquet`;
        await askIntoParquet(built.directory, 'FROM flow_logs', {}, saved);
        assert.deepEqual(await linesOf(await ask(saved, sql)), expected);
      } finally {
        built.remove();
      }
    }),
    { numRuns: 15 },
  );
});
