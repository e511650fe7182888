import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedLine } from './nft-script.ts';
import { messagesOf } from './script-messages.ts';

/** Type, flags and sequence of each message. */
function headsOf(batch: Buffer): number[][] {
  const heads: number[][] = [];
  for (let at = 0; at < batch.length; at += batch.readUInt32LE(at))
    heads.push([batch.readUInt16LE(at + 4), batch.readUInt16LE(at + 6), batch.readUInt32LE(at + 8)]);
  return heads;
}

test('a script is one batch, of which the last message alone is answered', () => {
  const script = [
    'flush chain inet flowgauge acct_now',
    'add rule inet flowgauge acct_now jump acct_b',
    'flush set inet flowgauge tcp4_a_0',
    'delete element inet flowgauge tcp4_a_0 { 0x0 . 0.0.0.0 . 0.0.0.0 . 0 . 0 }',
    'add element inet flowgauge over_a { 64, 0x80 }',
    'add element inet flowgauge alive_now { ipv4 timeout 30s, ipv6 timeout 30s }',
    '',
  ].join('\n');
  assert.equal(refusedLine(script), null);
  const types = [16, 0xa08, 0xa06, 0xa0e, 0xa0e, 0xa0c, 0xa0c, 17];
  const flags = [1, 1, 0xc01, 1, 1, 0x401, 0x405, 1];
  assert.deepEqual(
    headsOf(messagesOf(script, 7)!),
    types.map((type, at) => [type, flags[at], 7]),
  );
});

test('a script with any other line is left to nft', () => {
  const known = 'flush set inet flowgauge tcp4_a_0\n';
  assert.notEqual(messagesOf(known, 1), null);
  for (const line of [
    'add table inet flowgauge',
    'flush set inet theirs x_a',
    'flush set inet flowgauge',
    'flush chain inet flowgauge a_b; flush ruleset',
    'add rule inet flowgauge a_b goto a_c',
    'add rule inet flowgauge a_b jump a_c drop',
    'add element inet flowgauge a_b { 0x1 . 10.0.0.1 }',
    'add element inet flowgauge a_b { 0x1 . 0 }',
    'add element inet flowgauge a_b { 4294967296 }',
    'add element inet flowgauge a_b { 1 timeout 5s }',
    'add element inet flowgauge a_b { 1, }',
    `add element inet flowgauge a_b { ${Array.from({ length: 2049 }, (_, n) => n).join(', ')} }`,
  ])
    assert.equal(messagesOf(`${known}${line}\n`, 1), null, line);
  assert.equal(messagesOf('', 1), null);
  assert.equal(messagesOf(known.repeat(4000), 1), null, 'the kernel takes no more than so much at once');
});
