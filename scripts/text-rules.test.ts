import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as rules from './text-rules.ts';

/** The faults of a rule in one file. */
function faults(rule: rules.TextRule, path: string, text: string): string[] {
  return rule(new Map([[path, text]]));
}

test('a file of more than 450 lines is named, generated ones are not', () => {
  const long = 'x\n'.repeat(451);
  assert.deepEqual(faults(rules.notTooLong, 'src/a.ts', long), [
    'src/a.ts:1: has 451 lines, 450 at most: make two files of it',
  ]);
  assert.deepEqual(faults(rules.notTooLong, 'src/a.ts', 'x\n'.repeat(450)), []);
  assert.deepEqual(faults(rules.notTooLong, 'src/a.generated.ts', long), []);
});

/** Joins the pieces of a planted word: whole, the checks would find it in this file. */
const plant = (...pieces: readonly string[]): string => pieces.join('');

test('a path of one machine is named with its line', () => {
  const wrong = faults(rules.noMachinePaths, 'docs/a.md', `fine\nsee ${plant('/tm', 'p/me/x')}\n`);
  assert.deepEqual(wrong, [`docs/a.md:2: a path of one machine: ${plant('/tm', 'p/m')}`]);
  assert.equal(faults(rules.noMachinePaths, 'docs/a.md', plant('cd /wor', 'k/main')).length, 1);
  assert.deepEqual(faults(rules.noMachinePaths, 'docs/a.md', 'the folder test/network/ and ./work/x'), []);
});

test('what was left open is named', () => {
  for (const word of [plant('TO', 'DO: later'), plant('test.on', "ly('a')")])
    assert.equal(faults(rules.nothingLeftOpen, 'src/a.ts', `// ${word}`).length, 1, word);
  assert.deepEqual(faults(rules.nothingLeftOpen, 'src/a.ts', 'const todos = list;'), []);
});

test('a test that waits or never runs is named, in other files waiting is allowed', () => {
  const wait = plant('setTime', 'out(done, 100);');
  assert.equal(faults(rules.nothingLeftOpen, 'src/a.test.ts', wait).length, 1);
  assert.deepEqual(faults(rules.nothingLeftOpen, 'src/a.ts', wait), []);
});

test('a registry in the lock is named', () => {
  const line = '      "resolved": "https://registry.example/a-1.0.0.tgz",';
  assert.equal(faults(rules.lockNamesNoHost, 'package-lock.json', line).length, 1);
  assert.deepEqual(faults(rules.lockNamesNoHost, 'package-lock.json', '"integrity": "sha512-x"'), []);
});
