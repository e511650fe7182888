import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { openModel, openModelHistory } from './open-model.ts';
import { recordAnswers } from './record-answers.ts';
import type { Answer } from './record-answers.ts';
import { openState, statePath } from './state-file.ts';

function directory(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'flowgauge-open-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const anInterface = (id: string, address: string): object => ({
  NetworkInterfaceId: id,
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  OwnerId: '111122223333',
  PrivateIpAddress: address,
});

/** Which interfaces there are as of a time, in seconds. */
function interfaces(atSeconds: number, ...items: readonly object[]): Answer {
  return {
    kind: 'NetworkInterfaces',
    account: '111122223333',
    region: 'eu-west-1',
    atMicros: atSeconds * 1e6,
    whole: true,
    items: items.map((content) => ({ id: String(Object.values(content)[0]), content })),
  };
}

async function importInto(data: string, answers: readonly Answer[], recordedSeconds: number): Promise<void> {
  const state = openState(statePath(data));
  await recordAnswers(state, answers, 'test', recordedSeconds * 1e6);
  state.close();
}

/** The interfaces that hold 10.0.0.9. */
const holders = ({ interfaces: all }: VpcSnapshot): string[] =>
  all.filter(({ addresses }) => addresses.some(({ words }) => words[0] === 0x0a000009)).map(({ id }) => id);

test('an address that two interfaces had after another is of the one that had it then', async (t) => {
  const data = directory(t);
  await importInto(data, [interfaces(100, anInterface('eni-a', '10.0.0.9'))], 101);
  await importInto(data, [interfaces(200, anInterface('eni-b', '10.0.0.9'))], 201);
  const as = async (seconds: number): Promise<string[]> => holders(await openModel({ data, at: seconds * 1e6 }));
  assert.deepEqual(await as(100), ['eni-a']);
  assert.deepEqual(await as(199), ['eni-a']);
  assert.deepEqual(await as(200), ['eni-b']);
  assert.deepEqual(holders(await openModel({ data })), ['eni-b']);
});

test('a fact learned late moves the address in the past, and the history says so', async (t) => {
  const data = directory(t);
  await importInto(data, [interfaces(100, anInterface('eni-a', '10.0.0.9'))], 101);
  await importInto(data, [interfaces(300)], 301);
  await importInto(data, [interfaces(200, anInterface('eni-b', '10.0.0.9'))], 400);
  assert.deepEqual(holders(await openModel({ data, at: 250e6 })), ['eni-b']);
  assert.deepEqual(holders(await openModel({ data, at: 250e6, knownAt: 399e6 })), ['eni-a']);
  const history = await openModelHistory({ data });
  t.after(() => history.close());
  assert.deepEqual(
    history.learnedLate(250e6).map(({ item, recordedAtMicros }) => [item, recordedAtMicros]),
    [
      ['eni-a', 400e6],
      ['eni-b', 400e6],
    ],
  );
  assert.deepEqual(history.learnedLate(150e6), []);
});

test('a history lists when facts changed, and gives one snapshot for all times between', async (t) => {
  const data = directory(t);
  for (const at of [100, 200, 300])
    await importInto(data, [interfaces(at, anInterface(at === 300 ? 'eni-b' : 'eni-a', '10.0.0.9'))], at + 1);
  const history = await openModelHistory({ data });
  t.after(() => history.close());
  assert.deepEqual(history.versions(0, 1e15), [100e6, 300e6]);
  assert.deepEqual(history.versions(100e6 + 1, 300e6), []);
  const first = history.at(100e6);
  assert.equal(history.at(299e6), first);
  assert.deepEqual(holders(history.at(300e6)), ['eni-b']);
  assert.deepEqual(holders(history.at(100e6)), ['eni-a']);
  assert.equal(history.at(250e6).validFromMicros, 100e6);
});

test('before the first import its facts are taken and named', async (t) => {
  const data = directory(t);
  await importInto(data, [interfaces(100, anInterface('eni-a', '10.0.0.9'))], 101);
  const early = await openModel({ data, at: 50e6 });
  assert.deepEqual(holders(early), ['eni-a']);
  assert.ok(early.notUnderstood.some((line) => /^111122223333 eu-west-1: first imported as of 1970.*01:40/.test(line)));
  const later = await openModel({ data, at: 150e6 });
  assert.ok(!later.notUnderstood.some((line) => line.includes('first imported')));
});

test('a model of files is the same at any time, and a directory without imports says how to get them', async (t) => {
  const data = directory(t);
  const vpc = join(data, 'model.json');
  writeFileSync(vpc, JSON.stringify({ NetworkInterfaces: [anInterface('eni-f', '10.0.0.9')] }));
  assert.deepEqual(holders(await openModel({ vpc, at: 50e6, data })), ['eni-f']);
  const history = await openModelHistory({ vpc });
  assert.deepEqual([history.versions(0, 1e15), history.learnedLate(1)], [[], []]);
  assert.equal(history.at(1e6), history.at(2e6));
  history.close();
  await assert.rejects(openModel({ data }), { code: 'FG_STATE_MISSING', message: /flowgauge import aws/ });
});

test('a state file without any import is no network without interfaces', async (t) => {
  const data = directory(t);
  openState(statePath(data)).close();
  await assert.rejects(openModel({ data }), { code: 'FG_STATE_EMPTY' });
  await assert.rejects(openModelHistory({ data }), { code: 'FG_STATE_EMPTY' });
});

test('a file that is damaged inside is said to be unreadable when it is read', async (t) => {
  const data = directory(t);
  await importInto(data, [interfaces(100, anInterface('eni-a', '10.0.0.9'))], 101);
  const bytes = readFileSync(statePath(data));
  // The first page tells what tables there are; all behind it is theirs.
  bytes.fill(0x5a, 4096);
  writeFileSync(statePath(data), bytes);
  await assert.rejects(openModel({ data }), { code: 'FG_STATE_UNREADABLE' });
  await assert.rejects(openModelHistory({ data }), { code: 'FG_STATE_UNREADABLE' });
});

test('what was known before the first import is nothing, and that is said', async (t) => {
  const data = directory(t);
  await importInto(data, [interfaces(100, anInterface('eni-a', '10.0.0.9'))], 101);
  const known = (seconds: number) => openModel({ data, at: 100e6, knownAt: seconds * 1e6 });
  await assert.rejects(known(100), {
    code: 'FG_STATE_NOT_YET',
    message: /1970-01-01T00:01:40.*recorded 1970-01-01T00:01:41/,
  });
  assert.deepEqual(holders(await known(101)), ['eni-a']);
});
