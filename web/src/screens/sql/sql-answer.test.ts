import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SqlLine } from '../../../../src/api/sql.ts';
import { createLineCutter, NO_ANSWER, parametersIn, whenOver, withLines } from './sql-answer.ts';

test('lines are cut wherever the pieces end', () => {
  const lines: SqlLine[] = [
    { kind: 'columns', columns: [{ name: 'a\nb', type: 'BIGINT', unit: null }] },
    { kind: 'rows', rows: [[1], [2]] },
    { kind: 'rows', rows: [['9007199254740993']] },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  for (let at = 0; at <= text.length; at += 1) {
    const cut = createLineCutter();
    assert.deepEqual([...cut(text.slice(0, at)), ...cut(text.slice(at))], lines);
  }
  const answer = withLines(NO_ANSWER, lines);
  assert.deepEqual(answer.rows, [[1], [2], ['9007199254740993']]);
  assert.equal(whenOver(answer).failure?.code, 'CutOff');
  const end = { kind: 'end', rows: 3, cut: null, notes: [], objects: 1, bytesRead: 1, badLines: 0, millis: 1 } as const;
  assert.equal(whenOver(withLines(answer, [end])).failure, null);
});

test('parameters are found in SQL, not in its texts and comments', () => {
  assert.deepEqual(parametersIn("SELECT $a, '$b', \"$c\", $a -- $d\n/* $e */ + $f_1, 'it''s $g', $1"), ['a', 'f_1']);
});
