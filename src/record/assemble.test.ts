import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from './assemble.ts';
import { takeScanner } from './scanner.ts';

test('names what it does not know', () => {
  assert.throws(() => assemble('(func $f (param $a i33))'), /no type: i33/);
  assert.throws(() => assemble('(func $f (i32.pop))'), /no such instruction: i32.pop/);
  assert.throws(() => assemble('(func $f (local.get $a))'), /no such name: \$a/);
  assert.throws(() => assemble('(func $f (call $g))'), /no such name: \$g/);
  assert.throws(() => assemble('(func $f (br $out))'), /no such label: \$out/);
});

test('makes the bytes that the specification says', () => {
  const bytes = assemble(
    '(func $f (export "f") (param $a i32) (result i32) ;; a plus 300\n (i32.add (local.get $a) (i32.const 300)))',
  );
  assert.equal(
    Buffer.from(bytes).toString('hex'),
    '0061736d01000000' +
      '01060160017f017f' +
      '020f0103656e76066d656d6f727902' +
      '0001' +
      '03020100' +
      '070501' +
      '01660000' +
      '0a0a0108002000' +
      '41ac026a0b',
  );
});

test('a memory that grows keeps what it has', () => {
  const scanner = takeScanner();
  scanner.bytes[1000] = 7;
  scanner.reserve(scanner.bytes.length + 100_000);
  assert.equal(scanner.bytes[1000], 7);
  assert.equal(scanner.words.length * 4, scanner.bytes.length);
});
