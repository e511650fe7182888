import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NoRecordReason } from '../../api/no-record.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { WindowAccount } from '../../publish/account.ts';
import type { LedgerEntry } from '../../publish/ledger.ts';
import type { ModelHistory } from '../../storage/state/open-model.ts';
import type { Sources } from './no-record.ts';
import { whyNoRecord } from './no-record.ts';
import type { NoRecordQuestion } from './question.ts';
import type { RecordsView } from './records-view.ts';

const T = 1_795_435_500;
const DAY = 86_400;
type Json = Record<string, Record<string, unknown>[]>;
const MODEL = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/why-no-record/unexplained/model.json'), 'utf8'),
) as Json;

function network(model: Json = MODEL, lives: ModelHistory['lives'] = () => []): ModelHistory {
  const facts = readModel([{ name: 'model', json: model }]);
  const snapshot = compileSnapshot(facts, { version: 1, atMicros: 0 });
  return { at: () => snapshot, versions: () => [], learnedLate: () => [], lives, close() {} };
}

const NONE: RecordsView = { sql: '', matching: 0, others: 0, noData: 0, skipData: 0 };

function account(windowSeconds: number, more: Partial<WindowAccount> = {}): WindowAccount {
  const none = { records: 0, packets: 0, filtered: 0, lost: {}, noData: 0, skipData: 0 };
  return { interfaceId: 'eni-0db', windowSeconds, seconds: 60, counted: 0, ...none, ...more };
}

function ledger(...windows: readonly WindowAccount[]): Sources['place'] {
  const of = { sizeBytes: 1, sha256: '', records: 0, packets: 0, lostPackets: 0, segmentCrc32: 0, segment: '' };
  const where = { key: 'k', destination: null, refused: {}, flowLogId: 'fl-0all', slotSeconds: T, after: 0 };
  const entry: LedgerEntry = { ledger: 2, ...of, ...where, windows };
  return { oldestSlotSeconds: T - DAY, newestSlotSeconds: T + DAY, whole: true, ledger: [entry] };
}

const AWS_BUCKET: Sources['place'] = {
  oldestSlotSeconds: T - DAY,
  newestSlotSeconds: T + DAY,
  whole: true,
  ledger: null,
};

async function ask(question: Partial<NoRecordQuestion>, sources: Partial<Sources> & { view?: RecordsView } = {}) {
  const { view = NONE, ...given } = sources;
  const asked = { of: 'eni-0db', startSeconds: T + 20, endSeconds: T + 21, peer: null, protocol: null, port: null };
  const { reasons } = await whyNoRecord(
    { ...asked, ...question },
    {
      network: network(),
      place: AWS_BUCKET,
      spool: null,
      nowSeconds: T + DAY,
      ...given,
      records: () => Promise.resolve(view),
    },
  );
  return reasons;
}

/** The words of reasons that tests compare. */
const told = (reasons: readonly NoRecordReason[], ...keys: readonly (keyof NoRecordReason)[]) =>
  reasons.map((one) => ['reason', 'certainty', ...keys].map((key) => one[key as keyof NoRecordReason]));

test('a flow log that was made later does not cover it', async () => {
  const [log] = MODEL['FlowLogs']!;
  const created = new Date((T + 3600) * 1000).toISOString();
  const later = network({ ...MODEL, FlowLogs: [{ ...log, CreationTime: created }] });
  assert.deepEqual(told(await ask({}, { network: later }), 'startSeconds'), [['not-covered', 'certain', T + 3600]]);
  const { FlowLogs: _, ...without } = MODEL;
  assert.deepEqual(told(await ask({}, { network: network(without) })), [['not-covered', 'likely']]);
  // A host of ours writes its own flow log, which the model need not have.
  const seen = { network: network(without), place: ledger(account(T, { records: 1, noData: 1 })) };
  assert.deepEqual(told(await ask({}, seen)), [['no-data', 'certain']]);
});

test('what AWS never logs is certain between two ends, and possible where no peer is told', async () => {
  const kind = async (question: Partial<NoRecordQuestion>) =>
    told(await ask(question), 'about').filter(([reason]) => reason === 'never-logged');
  assert.deepEqual(await kind({ peer: '10.0.0.2', protocol: 17, port: 53 }), [['never-logged', 'certain', 'dns']]);
  assert.deepEqual(await kind({ peer: '169.254.169.123', protocol: 17, port: 123 }), [
    ['never-logged', 'certain', 'time'],
  ]);
  assert.deepEqual(await kind({ peer: '10.0.2.1', protocol: 17, port: 67 }), [['never-logged', 'certain', 'dhcp']]);
  assert.deepEqual(await kind({ peer: '10.0.2.1', protocol: 6, port: 80 }), [['never-logged', 'certain', 'router']]);
  assert.deepEqual(await kind({ protocol: 17, port: 53 }), [['never-logged', 'possible', 'dns']]);
  assert.deepEqual(await kind({ protocol: 17, port: 4789 }), [['never-logged', 'possible', 'mirrored']]);
  assert.deepEqual(await kind({ protocol: 6, port: 5432 }), []);
  assert.deepEqual(await kind({ of: '169.254.169.254' }), [['never-logged', 'certain', 'metadata']]);
  const [one, two, ...rest] = MODEL['NetworkInterfaces']!;
  const endpoints = [
    { ...one, InterfaceType: 'vpc_endpoint' },
    { ...two, InterfaceType: 'network_load_balancer' },
  ];
  const balanced = network({ ...MODEL, NetworkInterfaces: [...endpoints, ...rest] });
  assert.deepEqual(told(await ask({ peer: 'eni-0app' }, { network: balanced }), 'about')[0], [
    'never-logged',
    'certain',
    'endpoint-nlb',
  ]);
});

test('an address beyond the network is asked at the interface that it talks to', async () => {
  assert.deepEqual(told(await ask({ of: '198.51.100.7' }), 'about'), [['outside', 'certain', '198.51.100.7']]);
  const at = await ask({ of: '198.51.100.7', peer: 'eni-0db' });
  assert.deepEqual(told(at, 'interfaceId'), [['unexplained', 'possible', 'eni-0db']]);
  assert.deepEqual(told(await ask({ of: '10.0.2.99' }), 'about'), [['no-such-interface', 'likely', '10.0.2.99']]);
});

test('an interface that had ended by then says until when it was there', async () => {
  const life = { id: 'eni-0old', from: (T - DAY) * 1e6, to: (T - 3600) * 1e6, learnedAtMicros: (T + 5) * 1e6 };
  const reasons = await ask({ of: 'eni-0old' }, { network: network(MODEL, () => [life]) });
  assert.deepEqual(told(reasons, 'startSeconds', 'endSeconds', 'learnedSeconds'), [
    ['no-such-interface', 'certain', T - DAY, T - 3600, T + 5],
  ]);
});

test('an interface of the host that no import tells of is known by its ledger', async () => {
  const place = ledger(account(T, { interfaceId: 'eni-0host', noData: 1, records: 1 }));
  assert.deepEqual(told(await ask({ of: 'eni-0host' }, { place })), [['no-data', 'certain']]);
  assert.deepEqual(told(await ask({ of: 'eni-0host' })), [['no-such-interface', 'likely']]);
});

test('an interface that came in the span is asked where it was, and told to have come', async () => {
  const { NetworkInterfaces: all, ...rest } = MODEL;
  const [first, then] = [network({ ...rest, NetworkInterfaces: all!.slice(0, 1) }), network()];
  const life = { id: 'eni-0db', from: (T + 600) * 1e6, to: Number.MAX_SAFE_INTEGER, learnedAtMicros: (T + 700) * 1e6 };
  const both: ModelHistory = {
    ...then,
    at: (micros) => (micros < life.from ? first : then).at(micros),
    lives: () => [life],
  };
  const place = ledger(account(T + 600, { noData: 1, records: 1 }));
  const span = { startSeconds: T, endSeconds: T + 660 };
  assert.deepEqual(told(await ask(span, { network: both, place }), 'startSeconds'), [
    ['no-such-interface', 'certain', T + 600],
    ['no-data', 'certain', T + 600],
  ]);
});

test('lines of AWS without traffic say what they say, and no more', async () => {
  assert.deepEqual(told(await ask({}, { view: { ...NONE, noData: 2 } }), 'source', 'records'), [
    ['no-data', 'certain', 'records', 2],
  ]);
  assert.deepEqual(told(await ask({}, { view: { ...NONE, skipData: 1 } }), 'source', 'packets'), [
    ['skip-data', 'certain', 'records', null],
  ]);
  const young = { place: AWS_BUCKET, nowSeconds: T + 100 };
  assert.deepEqual(told(await ask({}, young)), [['not-delivered-yet', 'likely']]);
  assert.deepEqual(told(await ask({ startSeconds: T + DAY, endSeconds: T + DAY + 1 }, young)), [
    ['in-future', 'certain'],
  ]);
});

test('the ledger tells a killed process, what the capture itself lost, and what a full table lost', async () => {
  const killed = ledger(account(T, { counted: null, records: 2, packets: 5 }));
  assert.deepEqual(told(await ask({}, { place: killed }), 'about'), [['not-running', 'certain', 'killed']]);
  const lossy = ledger(account(T, { records: 1, skipData: 1 }));
  assert.deepEqual(told(await ask({}, { place: lossy }), 'about', 'packets'), [
    ['skip-data', 'certain', 'capture', null],
  ]);
  const full = ledger(account(T, { counted: 9, records: 1, skipData: 1, lost: { 'table-full': 9 } }));
  assert.deepEqual(told(await ask({}, { place: full }), 'about', 'packets'), [
    ['skip-data', 'certain', 'table-full', 9],
  ]);
});

test('what the ledger counted as left out is certain where it was all, possible where it was a part', async () => {
  const all = ledger(account(T, { counted: 9, filtered: 9 }));
  assert.deepEqual(told(await ask({}, { place: all }), 'source', 'packets'), [['filtered', 'certain', 'ledger', 9]]);
  const part = ledger(account(T, { counted: 9, filtered: 4, records: 1, packets: 5 }));
  const asked = { protocol: 6, port: 5432 };
  assert.deepEqual(told(await ask(asked, { place: part, view: { ...NONE, others: 1 } }), 'packets'), [
    ['filtered', 'possible', 4],
    ['unexplained', 'possible', null],
  ]);
});

test('a hole is sure between two windows, likely behind the last, and none where records are on their way', async () => {
  const late = { startSeconds: T + 200, endSeconds: T + 201 };
  const only = ledger(account(T, { noData: 1, records: 1 }));
  assert.deepEqual(told(await ask(late, { place: only }), 'startSeconds'), [['not-running', 'likely', T + 60]]);
  const later = ledger(account(T, { noData: 1, records: 1 }), account(T + 600, { noData: 1, records: 1 }));
  assert.deepEqual(told(await ask(late, { place: later }), 'startSeconds', 'endSeconds'), [
    ['not-running', 'certain', T + 60, T + 600],
  ]);
  const spool = { running: true, waiting: [] };
  assert.deepEqual(told(await ask(late, { place: only, spool, nowSeconds: T + 210 }), 'startSeconds'), [
    ['window-open', 'certain', T + 180],
    // The minutes before it are missed all the same.
  ]);
  const span = { startSeconds: T + 20, endSeconds: T + 201 };
  assert.deepEqual(told(await ask(span, { place: only, spool, nowSeconds: T + 210 }), 'startSeconds', 'endSeconds'), [
    ['no-data', 'certain', T, T + 60],
    ['not-running', 'likely', T + 60, T + 180],
    ['window-open', 'possible', T + 180, T + 240],
  ]);
  const waiting = [
    {
      flowLogId: 'fl-0all',
      slotSeconds: T,
      interfaceId: 'eni-0db',
      records: 1,
      destination: null,
      failures: 0,
      error: null,
    },
  ];
  assert.deepEqual(told(await ask(late, { place: only, spool: { running: false, waiting } }), 'records'), [
    ['in-spool', 'certain', 1],
  ]);
});

test('that no such packet came is not said where a part of the span was not captured', async () => {
  const place = ledger(account(T, { counted: 5, records: 1, packets: 5 }), account(T + 180, { noData: 1, records: 1 }));
  const span = { startSeconds: T, endSeconds: T + 240, protocol: 6, port: 5432 };
  const view = { ...NONE, others: 1 };
  assert.deepEqual(told(await ask(span, { place, view }), 'startSeconds'), [['not-running', 'certain', T + 60]]);
  const whole = { ...span, endSeconds: T + 60 };
  assert.deepEqual(told(await ask(whole, { place, view }), 'packets'), [['no-packets', 'certain', 5]]);
});

test('a window that waits in the spool without records is not missed', async () => {
  const waiting = { flowLogId: 'fl-0all', slotSeconds: T, interfaceId: 'eni-0db', records: 0 };
  const spool = { running: false, waiting: [{ ...waiting, destination: null, failures: 0, error: null }] };
  const place = ledger(account(T, { noData: 1, records: 1 }));
  const late = { startSeconds: T + 200, endSeconds: T + 201 };
  assert.deepEqual(told(await ask(late, { place, spool })), [['unexplained', 'possible']]);
});

test('of an instance with two interfaces each has its reasons', async () => {
  const [app, db, ...rest] = MODEL['NetworkInterfaces']!;
  const both = network({ ...MODEL, NetworkInterfaces: [app!, { ...db, Attachment: app!['Attachment'] }, ...rest] });
  const place = ledger(
    account(T, { noData: 1, records: 1 }),
    account(T, { interfaceId: 'eni-0app', counted: 3, filtered: 3 }),
  );
  assert.deepEqual(told(await ask({ of: 'i-0app' }, { network: both, place }), 'interfaceId'), [
    ['filtered', 'certain', 'eni-0app'],
    ['no-data', 'certain', 'eni-0db'],
  ]);
});
