import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { ReattributionReport, RejectReport } from '../api/rejects.ts';
import type { RuleWords } from '../network/verdict/told-network.ts';
import { network } from '../network/verdict/told-network.ts';
import { recordAnswers } from '../storage/state/record-answers.ts';
import { openState, statePath } from '../storage/state/state-file.ts';
import { inOneProcess, start } from './one-process.fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-history-'));
after(() => rmSync(directory, { recursive: true }));
const flowgauge = inOneProcess();

/** Seconds: 2026-11-23T12:05Z. */
const T = 1_795_435_500;
const WEB: RuleWords = ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'];
const SSH: RuleWords = ['sgr-ssh', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0'];

/** Imports a model: it holds from a time, and was recorded at another. */
async function imported(data: string, model: object, atSeconds: number, recordedSeconds: number): Promise<void> {
  const state = openState(statePath(data));
  const answers = Object.entries(model as Record<string, readonly object[]>).map(([kind, items]) => ({
    kind,
    account: '123456789012',
    region: 'us-east-1',
    atMicros: atSeconds * 1e6,
    whole: true,
    items: items.map((content) => ({ id: String(Object.values(content)[0]), content })),
  }));
  await recordAnswers(state, answers, 'a test', recordedSeconds * 1e6);
  state.close();
}

function dataDirectory(name: string): string {
  const data = mkdtempSync(join(directory, name));
  return data;
}

type Answered = RejectReport & { readonly reattributed?: ReattributionReport };

/** What is diagnosed of lines, by what was imported. */
async function diagnose(data: string, lines: readonly string[], ...words: string[]): Promise<Answered> {
  const fields = 'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags';
  const logs = join(data, 'records.log');
  writeFileSync(logs, [`${fields} flow-direction`, ...lines, ''].join('\n'));
  const { out, err } = await flowgauge('diagnose', '--data', data, '--logs', logs, '--json', ...words);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Answered;
}

const line = (id: string, port: number, action: string, at: number): string =>
  `${id} 198.51.100.7 10.0.1.5 40000 ${port} 6 1 60 ${T + at} ${T + at + 20} ${action} 2 ingress`;

describe('diagnose of records by what was imported', () => {
  test('judges each record by the rules of its time, and names the change that rejects', async () => {
    const data = dataDirectory('rules-');
    await imported(data, network([WEB, SSH]), T, T + 1);
    await imported(data, network([SSH]), T + 1000, T + 1001);
    const { causes, changeCaused, changes } = await diagnose(data, [
      line('eni-a', 443, 'ACCEPT', 500),
      line('eni-a', 443, 'REJECT', 1200),
      line('eni-a', 8080, 'REJECT', 100),
    ]);
    assert.deepEqual(
      causes.map(({ records, certainty, why, newly }) => [records, certainty, why, newly?.why]),
      [[2, 'certain', 'rules', 'accepted-before']],
    );
    assert.deepEqual(
      changes.map(({ kind, id, atSeconds }) => [kind, id, atSeconds]),
      [['rule-removed', 'sgr-web', T + 1000]],
    );
    assert.deepEqual(
      changeCaused.map(({ changes: [first], flows, certainty }) => [first?.id, flows.length, certainty]),
      [['sgr-web', 1, 'certain']],
    );
  });

  test('gives a record to who held its address then, and lists what a fact learned late gives to another', async () => {
    const data = dataDirectory('address-');
    const model = (id: string): object => ({
      ...network([SSH]),
      NetworkInterfaces: [
        {
          NetworkInterfaceId: id,
          VpcId: 'vpc-1',
          SubnetId: 'subnet-a',
          PrivateIpAddress: '10.0.1.5',
          Groups: [{ GroupId: 'sg-a' }],
        },
      ],
    });
    await imported(data, model('eni-1'), T, T + 1);
    await imported(data, model('eni-2'), T + 1000, T + 1001);
    const lines = [100, 600, 1200].map((at) => line('-', 80, 'REJECT', at));
    const owners = ({ causes }: RejectReport): (string | number)[][] =>
      causes
        .flatMap(({ topInterfaces }) => topInterfaces)
        .toSorted((a, b) => (a.value < b.value ? -1 : 1))
        .map(({ value, records }) => [value, records]);
    assert.deepEqual(owners(await diagnose(data, lines)), [
      ['eni-1', 2],
      ['eni-2', 1],
    ]);
    // Late: it was eni-3 that had the address from T + 500 on.
    await imported(data, model('eni-3'), T + 500, T + 5000);
    const found = await diagnose(data, lines, '--learned-since', String(T + 2000));
    assert.deepEqual(owners(found), [
      ['eni-1', 1],
      ['eni-2', 1],
      ['eni-3', 1],
    ]);
    assert.deepEqual(
      found.reattributed?.changes.map(({ before, now, records }) => [before.interfaceId, now.interfaceId, records]),
      [['eni-1', 'eni-3', 1]],
    );
    assert.deepEqual(owners(await diagnose(data, lines, '--known-at', String(T + 2000))), [
      ['eni-1', 2],
      ['eni-2', 1],
    ]);
  });

  test('prints what was attributed otherwise, also where no direction was known', async () => {
    const data = dataDirectory('text-');
    await imported(data, network([SSH]), T, T + 5000);
    const record = `2 123456789012 eni-a 198.51.100.7 10.0.1.5 40000 80 6 1 60 ${T + 100} ${T + 120} REJECT OK`;
    const words = ['--data', data, '--learned-since', String(T + 2000), record];
    const { out } = await start('.', 'diagnose', ...words);
    assert.match(out, /\n {2}1 record: was eni-a: not explained.*; is eni-a ingress: no rule /);
  });

  test('says where nothing was imported', async () => {
    const { code, err } = await flowgauge('diagnose', '--data', dataDirectory('none-'), '--logs', join(directory, 'x'));
    assert.equal(code, 1);
    assert.match(err, /no network was imported .*\(FG_STATE_MISSING\)/);
  });
});
