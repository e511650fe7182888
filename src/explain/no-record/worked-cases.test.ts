/**
 * The worked cases of docs/why-no-record/: each is asked with its network, records, ledger and spool, and must be explained
 * as was written down.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { NoRecord, NoRecordReason } from '../../api/no-record.ts';
import { readLedgerEntry } from '../../publish/ledger.ts';
import { openModelHistory } from '../../storage/state/open-model.ts';
import type { ModelHistory } from '../../storage/state/open-model.ts';
import { recordAnswers } from '../../storage/state/record-answers.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { whyNoRecord } from './no-record.ts';
import { recordsView } from './records-view.ts';
import type { SpoolView } from './spool-view.ts';

type Expected = {
  readonly now: number;
  readonly question: {
    readonly of: string;
    readonly at: number;
    readonly peer?: string;
    readonly protocol?: 'tcp';
    readonly port?: number;
  };
  readonly imports?: readonly { readonly at: number; readonly recorded: number; readonly model: string }[];
  readonly objects?: { readonly oldestSlotSeconds: number; readonly newestSlotSeconds: number };
  readonly reasons: readonly Partial<NoRecordReason>[];
};

const CASES = fileURLToPath(new URL('../../../docs/why-no-record/', import.meta.url));
const names = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const read = (name: string, file: string): unknown => JSON.parse(readFileSync(join(CASES, name, file), 'utf8'));
const readIf = (name: string, file: string): unknown => (existsSync(join(CASES, name, file)) ? read(name, file) : null);

const IDS: Readonly<Record<string, string>> = {
  Vpcs: 'VpcId',
  Subnets: 'SubnetId',
  NetworkInterfaces: 'NetworkInterfaceId',
  SecurityGroups: 'GroupId',
  SecurityGroupRules: 'SecurityGroupRuleId',
  NetworkAcls: 'NetworkAclId',
  RouteTables: 'RouteTableId',
  FlowLogs: 'FlowLogId',
};

/** The network of a case: a model, or imports one after the other in a directory. */
async function networkOf(name: string, { imports }: Expected, directory: string): Promise<ModelHistory> {
  if (imports === undefined) return openModelHistory({ vpc: join(CASES, name, 'model.json') });
  const state = openState(statePath(directory));
  for (const { at, recorded, model } of imports) {
    const kinds = Object.entries(read(name, model) as Record<string, Record<string, string>[]>);
    const answers = kinds.map(([kind, items]) => ({
      kind,
      account: '123456789012',
      region: 'us-east-1',
      atMicros: at * 1e6,
      whole: true,
      items: items.map((content) => ({ id: content[IDS[kind]!]!, content })),
    }));
    await recordAnswers(state, answers, 'test', recorded * 1e6);
  }
  state.close();
  return openModelHistory({ data: directory });
}

async function explain(name: string, expected: Expected, directory: string): Promise<NoRecord> {
  const { question, now, objects } = expected;
  const asked = {
    of: question.of,
    startSeconds: question.at,
    endSeconds: question.at + 1,
    peer: question.peer ?? null,
    protocol: question.protocol === 'tcp' ? 6 : null,
    port: question.port ?? null,
  };
  const ledger = readIf(name, 'ledger.json') as object[] | null;
  const network = await networkOf(name, expected, directory);
  try {
    return await whyNoRecord(asked, {
      network,
      nowSeconds: now,
      spool: readIf(name, 'spool.json') as SpoolView | null,
      place: {
        oldestSlotSeconds: null,
        newestSlotSeconds: null,
        whole: true,
        ...objects,
        ledger: ledger?.map((entry) => readLedgerEntry(JSON.stringify(entry))!) ?? null,
      },
      records: (of, peer) => recordsView(join(CASES, name, 'records.txt'), asked, of, peer, {}),
    });
  } finally {
    network.close();
  }
}

test('there is a case for each reason that has one', () => {
  assert.deepEqual(names.toSorted(), [
    'filtered',
    'in-spool',
    'never-logged',
    'no-data',
    'no-packets',
    'no-such-interface',
    'not-covered',
    'not-delivered-yet',
    'not-running',
    'older-than-kept',
    'other-account',
    'records-exist',
    'skip-data',
    'unexplained',
    'window-open',
  ]);
});

for (const name of names)
  test(`explains ${name} as it was written down before`, async (t) => {
    const expected = read(name, 'expected.json') as Expected;
    const directory = mkdtempSync(join(tmpdir(), 'flowgauge-no-record-'));
    t.after(() => rmSync(directory, { recursive: true }));
    const { reasons } = await explain(name, expected, directory);
    assert.equal(reasons[0]?.reason, name);
    // What was written down of each is there; all of them are there, and no other.
    const told = reasons.map((reason, n) => {
      const keys = Object.keys(expected.reasons[n] ?? reason);
      return Object.fromEntries(keys.map((key) => [key, reason[key as keyof NoRecordReason]]));
    });
    assert.deepEqual(told, expected.reasons);
  });
