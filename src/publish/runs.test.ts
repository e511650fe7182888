import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TextBlock } from '../record/text-block.ts';
import { createTextBlock, reserve } from '../record/text-block.ts';
import { takeRuns } from './runs.ts';
import type { RecordRun } from './segment.ts';
import { createSpareArrays } from './spare-arrays.ts';

function print(block: TextBlock, text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  reserve(block, bytes.length).set(bytes, block.length);
  block.length += bytes.length;
  block.records++;
  block.packets += text.length;
}

const lines = fc.array(fc.stringMatching(/^[a-z ]{0,30}$/u), { maxLength: 40 });

function taken(printed: readonly string[], partBytes: number, every: number): RecordRun[] {
  const block = createTextBlock(16);
  const arrays = createSpareArrays(3, 100);
  const runs: RecordRun[] = [];
  for (const [at, text] of printed.entries()) {
    print(block, text);
    if (at % every === 0) runs.push(...takeRuns(block, 'eni-1', partBytes, false, arrays));
  }
  runs.push(...takeRuns(block, 'eni-1', partBytes, true, arrays));
  assert.equal(block.length, 0);
  return runs;
}

test('takes every record once, in runs up to the length or of one record', () => {
  fc.assert(
    fc.property(
      lines,
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 9 }),
      (printed, partBytes, every) => {
        const runs = taken(printed, partBytes, every);
        const text = runs.map((run) => Buffer.from(run.text).toString()).join('');
        assert.equal(text, printed.map((one) => `${one}\n`).join(''));
        for (const run of runs) {
          assert.ok(run.text.length <= partBytes || run.records === 1);
          assert.equal(run.records, Buffer.from(run.text).toString().split('\n').length - 1);
        }
        const packets = printed.reduce((sum, one) => sum + one.length, 0);
        assert.equal(
          runs.reduce((sum, run) => sum + run.packets, 0),
          packets,
        );
      },
    ),
  );
});

test('cuts at the same places however often it is asked', () => {
  fc.assert(
    fc.property(
      lines,
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 9 }),
      (printed, partBytes, every) => {
        const textsOf = (runs: RecordRun[]): string[] => runs.map((run) => Buffer.from(run.text).toString());
        assert.deepEqual(textsOf(taken(printed, partBytes, every)), textsOf(taken(printed, partBytes, 1000)));
      },
    ),
  );
});

test('leaves a block alone until it holds a run', () => {
  const block = createTextBlock();
  print(block, 'short');
  assert.deepEqual(takeRuns(block, '', 100, false, createSpareArrays(0, 0)), []);
  assert.deepEqual([block.length, block.records], [6, 1]);
});
