import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NoRecord } from '../api/no-record.ts';
import { failure } from '../model/errors.ts';
import { accountsOf, begin, newDirectory, numbers, print, SLOT, told } from '../publish/publisher.fixture.ts';
import { directoryStore } from '../storage/object/stores/directory.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const ENI = 'eni-0123456789abcdef0';
const CASES = join(import.meta.dirname, '../../docs/why-no-record');
const flowgauge = inOneProcess();
const why = (...args: readonly string[]): Promise<Ended> => flowgauge('why-no-record', ...args);

async function reasons(...args: readonly string[]): Promise<NoRecord> {
  return JSON.parse((await why(...args, '--json')).out) as NoRecord;
}

/** A data directory with records of two slots, with a hole of a slot between them. */
async function dataDirectory(): Promise<string> {
  const data = newDirectory();
  const { publisher } = await begin({ directory: join(data, 'bucket'), hostId: 'host-1' });
  for (const [from, slot] of [
    [0, SLOT],
    [300, SLOT + 600],
  ] as const) {
    const lines = numbers(300, from).map((line) =>
      line.replace(/(\d{10}) (\d{10})/u, (_, start: string, end: string) =>
        [start, end].map((at) => Math.max(slot, Number(at) + slot - SLOT)).join(' '),
      ),
    );
    print(publisher, lines, slot, '', told);
    publisher.account(0, slot, accountsOf(lines));
  }
  await publisher.close();
  return data;
}

test('a data directory of a host tells records, no packets of a kind, and a hole, without a network', async () => {
  const data = await dataDirectory();
  const at = (seconds: number): readonly string[] => [ENI, '--from', data, '--at', String(seconds)];
  const there = await reasons(...at(SLOT + 70));
  assert.deepEqual(
    there.reasons.map(({ reason, certainty, source }) => [reason, certainty, source]),
    [['records-exist', 'certain', 'records']],
  );
  assert.ok(there.notKnown.includes('network'));
  const none = await reasons(...at(SLOT + 70), '--protocol', 'udp');
  const [first] = none.reasons;
  assert.deepEqual([first?.reason, first?.certainty, first?.source], ['no-packets', 'certain', 'ledger']);
  const { reasons: hole } = await reasons(...at(SLOT + 450));
  assert.deepEqual(
    hole.map(({ reason, certainty, startSeconds, endSeconds }) => [reason, certainty, startSeconds, endSeconds]),
    [['not-running', 'certain', SLOT + 300, SLOT + 600]],
  );
  const text = (await why(...at(SLOT + 450))).out;
  assert.match(text, /certain   nothing captured there from 2026-11-23T12:10:00Z to 2026-11-23T12:15:00Z/);
  assert.match(text, /The network is not known/);
});

test('without a network an address is at the interface whose records show it', async () => {
  const data = await dataDirectory();
  const asked = ['192.0.2.9', '--from', data, '--at', String(SLOT + 450)];
  const { interfaceIds, interfacesFrom, reasons: found } = await reasons(...asked);
  assert.deepEqual([interfaceIds, interfacesFrom, found[0]?.reason], [[ENI], 'records', 'not-running']);
  assert.match((await why(...asked)).out, /That 192\.0\.2\.9 is at eni-0123456789abcdef0 is what flow logs/);
  const nobody = await reasons('203.0.113.7', '--from', data, '--at', String(SLOT + 450));
  assert.deepEqual([nobody.interfaceIds, nobody.reasons[0]?.reason], [[], 'unexplained']);
});

test('what waits in the spool is told with its age and the failures of its destination', async () => {
  const data = newDirectory();
  const refusing = { ...directoryStore(data), put: () => Promise.reject(failure('FG_S3_WRITE_DENIED', 'there', 'no')) };
  const { publisher } = await begin({ directory: data, hostId: 'host-1', store: refusing, isLocal: () => false });
  const lines = numbers(60);
  print(publisher, lines, SLOT, '', told);
  publisher.account(0, SLOT, accountsOf(lines));
  await assert.rejects(publisher.close());
  const { reasons: found } = await reasons(ENI, '--from', data, '--at', String(SLOT + 20));
  assert.deepEqual(
    found.map(({ reason, certainty, interfaceId }) => [reason, certainty, interfaceId]),
    [['in-spool', 'certain', ENI]],
  );
  const [waiting] = found;
  // Those whose span reaches the asked second: five seconds each.
  assert.equal(waiting?.records, 6);
  assert.ok((waiting?.ageSeconds ?? 0) >= 0);
  assert.match((await why(ENI, '--from', data, '--at', String(SLOT + 20))).out, /6 records wait on the host/);
  const spool = join(data, '_flowgauge', 'spool');
  for (const file of readdirSync(spool)) if (file.endsWith('.segment')) rmSync(join(spool, file));
  const { reasons: gone } = await reasons(ENI, '--from', data, '--at', String(SLOT + 20));
  assert.deepEqual(
    gone.map(({ reason }) => reason),
    ['unexplained'],
  );
});

test('a worked case is answered from the command line in words', async () => {
  const asked = 'eni-0db --peer 10.0.1.10 --protocol tcp --port 5432 --at 2026-11-23T12:05:20Z'.split(' ');
  const files = ['--from', join(CASES, 'filtered/records.txt'), '--vpc', join(CASES, 'filtered/model.json')];
  const { out } = await start('.', 'why-no-record', ...asked, ...files);
  assert.match(
    out,
    /^eni-0db with 10\.0\.1\.10 at 2026-11-23T12:05:20Z\n\n {2}certain {3}the flow log writes REJECT only, and the rules let this pass \[/,
  );
});

test('what is no end, two times at once and a place that is not there are refused', async () => {
  const from = ['--from', join(CASES, 'filtered/records.txt')];
  for (const [args, code, words] of [
    [['nobody', ...from], 2, /FG_NO_RECORD_OF/],
    [['i-0app', ...from, '--data', newDirectory()], 2, /FG_NO_RECORD_INSTANCE/],
    [['eni-0db', ...from, '--at', 'now', '--last', '1h'], 2, /cannot be used with/],
    [['eni-0db', '--from', join(CASES, 'nowhere')], 1, /FG_SOURCE_MISSING/],
  ] as const) {
    const ended = await why(...args);
    assert.deepEqual([ended.code, words.test(ended.err)], [code, true], ended.err);
  }
});
