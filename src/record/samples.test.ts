import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DEFAULT_FORMAT, headerLine, parseLogFormat } from './format.ts';
import { createParser } from './parse.ts';
import { printColumns } from './print-columns.ts';
import { createTextBlock } from './text-block.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the columns of a file print to; `pieceBytes` at a time go in. */
function throughColumns(text: Uint8Array, pieceBytes: number): string {
  const parser = createParser({ format: null, columns: null, origin: 'sample' });
  const batches = [];
  for (let at = 0; at < text.length; at += pieceBytes) batches.push(...parser.push(text.slice(at, at + pieceBytes)));
  batches.push(...parser.end());
  assert.equal(parser.badLines, 0);
  const block = createTextBlock(16);
  for (const batch of batches) printColumns(batch, block);
  return `${headerLine(parser.format!)}\n${new TextDecoder().decode(block.bytes.subarray(0, block.length))}`;
}

/** The records that a CloudWatch Logs subscription delivers: an object of JSON with one in each message. */
function messagesIn(payload: string): string {
  const { logEvents } = JSON.parse(payload) as { logEvents: readonly { message: string }[] };
  return logEvents.map(({ message }) => `${message}\n`).join('');
}

for (const folder of ['test/fixtures/samples', '../shared/samples']) {
  const path = `${ROOT}${folder}`;
  // The second folder is beside some clones only; it has a few samples that we may not copy.
  if (folder.startsWith('..') && !existsSync(path)) continue;
  const names = readdirSync(path);
  const files = names.filter((name) => name.endsWith('.log'));
  test(`every sample in ${folder} is written back byte for byte through the columns`, () => {
    assert.notEqual(files.length, 0);
    for (const name of files) {
      const bytes = readFileSync(`${path}/${name}`);
      for (const pieceBytes of [1, 7, bytes.length]) {
        assert.equal(throughColumns(bytes, pieceBytes), bytes.toString('utf8'), name);
      }
    }
  });
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    test(`every record of ${folder}/${name} is written back byte for byte through the columns`, () => {
      const records = messagesIn(readFileSync(`${path}/${name}`, 'utf8'));
      assert.notEqual(records, '');
      // They come without header.
      const header = `${headerLine(parseLogFormat(DEFAULT_FORMAT))}\n`;
      assert.equal(throughColumns(Buffer.from(records), 7), `${header}${records}`);
    });
  }
}
