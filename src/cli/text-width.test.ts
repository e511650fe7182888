import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteTexts } from './answer-text.ts';
import { fitted, widthOf } from './text-width.ts';

const terminal = { isTTY: true, columns: 40 };

test('a long line is broken at blanks on a terminal, under its label or a little further in, and is whole in a pipe', () => {
  const line = '  nearest  sgr-a fits but for the port; sgr-b fits but for the source';
  assert.equal(
    fitted(line, terminal),
    ['  nearest  sgr-a fits but for the port;', '           sgr-b fits but for the source'].join('\n'),
  );
  assert.equal(
    fitted('Not needed, and left out: sgr-1, sgr-2, sgr-3', terminal),
    'Not needed, and left out: sgr-1, sgr-2,\n  sgr-3',
  );
  assert.equal(fitted(line, {}), line);
  assert.equal(fitted(line, { isTTY: true, columns: 10 }), line);
});

test('what is meant to be copied stays whole, and so does a word that is wider than the terminal', () => {
  const ask = `  ask      flowgauge diagnose ${'--from 10.0.0.1 '.repeat(4)}`;
  assert.equal(fitted(`one\n${ask}`, terminal, /^ {2}ask /), `one\n${ask}`);
  assert.equal(fitted(`see ${'x'.repeat(60)} there`, terminal), `see\n  ${'x'.repeat(60)}\n  there`);
});

test('colours take no width', () => {
  const red = `\u001b[31m${'word '.repeat(7).trim()}\u001b[39m`;
  assert.equal(fitted(red, terminal), red);
  for (const part of fitted('wörter '.repeat(20).trim(), terminal).split('\n')) assert.ok(widthOf(part) <= 40);
});

test('fields that the same files lack are told in one note', () => {
  const lacking = (field: string, files: number, instead: string | null = null) =>
    ({ kind: 'field-missing', field, files, of: 3, instead }) as const;
  assert.deepEqual(
    noteTexts([
      lacking('tcp-flags', 3, 'by ports'),
      lacking('vpc-id', 1),
      { kind: 'region', file: 's3://a', from: 'x', to: 'y' },
      lacking('flow-direction', 3, 'by addresses'),
    ]),
    [
      'no file has tcp-flags (by ports), flow-direction (by addresses)',
      '1 of 3 files have no vpc-id: their records lack what depends on it',
      's3://a lies in y, not in x; give --region y to save the detour',
    ],
  );
});
