import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sentJournal } from './sent.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-sent-'));
after(() => rmSync(scratch, { recursive: true }));

test('says where to go on, also to the next process', async () => {
  const journal = sentJournal(join(scratch, 'a'));
  assert.deepEqual(await journal.read(), { batches: 0, left: null, refused: {}, possibleDuplicates: 0 });
  await journal.note({ asked: 500 });
  await journal.note({ left: [] });
  await journal.note({ asked: 500 });
  await journal.note({ left: [3, 7], refused: { 'too-old': 2 } });
  const expected = { batches: 1, left: [3, 7], refused: { 'too-old': 2 }, possibleDuplicates: 0 };
  assert.deepEqual(await journal.read(), expected);
  assert.deepEqual(await sentJournal(join(scratch, 'a')).read(), expected);
});

test('counts an attempt without an answer when it is made again, one that was refused never', async () => {
  const journal = sentJournal(join(scratch, 'b'));
  await journal.note({ asked: 10 });
  assert.equal((await journal.read()).possibleDuplicates, 0);
  await journal.note({ asked: 10 });
  await journal.note({ left: null });
  await journal.note({ asked: 10 });
  await journal.note({ left: [] });
  assert.deepEqual(await journal.read(), { batches: 1, left: null, refused: {}, possibleDuplicates: 10 });
});

test('takes a line that a crash cut for none', async () => {
  const path = join(scratch, 'c');
  const journal = sentJournal(path);
  await journal.note({ asked: 5 });
  await journal.note({ left: [] });
  await journal.note({ asked: 6 });
  appendFileSync(path, '{"left":[');
  assert.equal((await journal.read()).batches, 1);
  await journal.note({ asked: 6 });
  await journal.note({ left: [] });
  assert.deepEqual(await journal.read(), { batches: 2, left: null, refused: {}, possibleDuplicates: 6 });
});
