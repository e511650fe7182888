import assert from 'node:assert/strict';
import { test } from 'node:test';
import { piecesOf, Rules, scriptOf } from './ruleset.ts';

void test('cuts the script of a new table into pieces, of which the last one lets packets in', () => {
  const rules = new Rules();
  for (let n = 0; n < 600; n++) rules.add('counter', `n_${n}`);
  rules.chain('forward', ['jump judge'], 'type filter hook forward priority 0;');
  rules.chain(
    'judge',
    Array.from({ length: 600 }, (_, n) => `meta mark ${n} counter name n_${n} drop`),
  );
  const script = scriptOf(rules, null);
  const pieces = piecesOf(script, rules);
  assert.ok(pieces.length > 3, `${pieces.length} pieces`);
  for (const piece of pieces) assert.ok(piece.length <= 16_384 + 100);
  assert.deepEqual(pieces.join('').split('\n').sort(), script.split('\n').sort());
  assert.ok(pieces.slice(0, -1).every((piece) => !piece.includes('hook') && !piece.includes(' forward ')));
  assert.equal(
    pieces.at(-1),
    'add chain inet flowgauge forward { type filter hook forward priority 0; }\nflush chain inet flowgauge forward\n' +
      'add rule inet flowgauge forward jump judge\n',
  );
});
