import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { openState } from '../../storage/state/state-file.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import { addKey } from '../keys.ts';
import type { Context, Resources } from './action.ts';
import { describeInstances } from './actions/describe-instances.ts';
import { describeTags } from './actions/describe-tags.ts';
import { describeItems } from './describe.ts';
import { resourcesOf } from './resources.ts';

const [ACCOUNT, REGION] = ['123456789012', 'us-east-1'];
const COUNT = 2000;
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-describe-'));
let state: StateFile;
let facts: CurrentFacts;

const idAt = (prefix: string, i: number): string => `${prefix}${i.toString(16).padStart(17, '0')}`;

/** Instances of one VPC, each with an interface. */
before(() => {
  state = openState(join(directory, 'state.sqlite'), true);
  addKey(state, { account: ACCOUNT, role: 'operate', forSeconds: null }, new Date());
  facts = openCurrentFacts(state);
  const resources = resourcesOf(facts, ACCOUNT, REGION);
  facts.change(
    1,
    () => {
      for (let i = 0; i < COUNT; i++) {
        const InstanceId = idAt('i-', i);
        const Tags = [{ Key: 'number', Value: String(i) }];
        resources.put('Instances', { InstanceId, VpcId: 'vpc-0a', KeyName: i % 400 === 7 ? 'rare' : 'usual', Tags });
        resources.put('NetworkInterfaces', {
          NetworkInterfaceId: idAt('eni-', i),
          VpcId: 'vpc-0a',
          PrivateIpAddress: `10.0.${i >> 8}.${i & 255}`,
          Attachment: { InstanceId, DeviceIndex: 0 },
        });
      }
    },
    () => {},
  );
});
after(() => {
  state.close();
  rmSync(directory, { recursive: true });
});

/** What an action sees, with the number of things that it was given. */
function counted(): { readonly context: Context; readonly given: () => number } {
  let given = 0;
  const { list, where, ...rest } = resourcesOf(facts, ACCOUNT, REGION);
  const count = <T>(found: readonly T[]): readonly T[] => {
    given += found.length;
    return found;
  };
  const resources: Resources = {
    ...rest,
    list: (kind) => count(list(kind)),
    where: (kind, member, value) => count(where(kind, member, value)),
  };
  const context = { account: ACCOUNT, region: REGION, now: new Date(), resources } as unknown as Context;
  return { context, given: () => given };
}

type Page = { readonly NextToken?: string; readonly items: readonly unknown[] };

/** All pages; how many there are. */
function allPages(page: (token: { readonly NextToken?: string }) => Page): {
  readonly pages: number;
  items: unknown[];
} {
  const items: unknown[] = [];
  for (let pages = 1, token = {}; ; pages++) {
    const { NextToken: next, items: own } = page(token);
    items.push(...own);
    if (next === undefined) return { pages, items };
    token = { NextToken: next };
  }
}

test('instances of one VPC are described by looking at each interface once', () => {
  const { context, given } = counted();
  const { Reservations: all } = describeInstances.run({}, context as never, undefined) as {
    Reservations: { Instances: { PrivateIpAddress: string }[] }[];
  };
  assert.equal(all.length, COUNT);
  assert.equal(all[300]?.Instances[0]?.PrivateIpAddress, '10.0.1.44');
  assert.ok(given() <= 2 * COUNT, `${given()} things for ${COUNT} instances`);
});

for (const [name, Filters, found] of [
  ['all', undefined, COUNT],
  ['those of a VPC', [{ Name: 'vpc-id', Values: ['vpc-0a'] }], COUNT],
  ['a few', [{ Name: 'key-name', Values: ['rare'] }], 5],
] as const)
  test(`pages of ${name} look at each thing once`, () => {
    const { context } = counted();
    let looked = 0;
    const table = { 'vpc-id': 'VpcId', 'key-name': 'KeyName' } as const;
    const { items, pages } = allPages((token) =>
      describeItems(
        context,
        'Instances',
        table,
        { ids: [], Filters, MaxResults: 5, ...token },
        (item) => ((looked += 1), item),
      ),
    );
    assert.equal(items.length, found);
    assert.equal(new Set(items).size, found);
    assert.ok(looked <= COUNT + pages, `${looked} looks at ${COUNT} things for ${pages} pages`);
  });

test('what a list has is put together once until something changes', () => {
  const scope = facts.scope(ACCOUNT, REGION);
  const first = scope.list('Instances');
  assert.equal(scope.list('Instances'), first);
  facts.change(
    2,
    () => scope.put('Instances', 'i-0f', { InstanceId: 'i-0f' }),
    () => {},
  );
  assert.equal(first.length, COUNT);
  assert.equal(scope.list('Instances').length, COUNT + 1);
  facts.change(
    3,
    () => scope.remove('Instances', 'i-0f'),
    () => {},
  );
  assert.deepEqual(scope.list('Instances'), first);
});

test('pages of tags hold each tag once, in the order of things, and look at each thing once', () => {
  const { context } = counted();
  let looked = 0;
  const things = context.resources.list('Instances').map(({ InstanceId = '', Tags = [] }) => ({
    InstanceId,
    get Tags() {
      looked++;
      return Tags;
    },
  }));
  const list = (kind: string): readonly unknown[] => (kind === 'Instances' ? things : []);
  const seen = { ...context, resources: { ...context.resources, list } };
  const { items, pages } = allPages((token) => {
    const { Tags: own, ...next } = describeTags.run({ MaxResults: 10, ...token }, seen as never, undefined) as {
      Tags: unknown[];
    };
    return { items: own, ...next };
  });
  assert.ok(looked <= COUNT + 2 * pages, `${looked} looks at ${COUNT} things for ${pages} pages`);
  assert.deepEqual(
    items,
    Array.from({ length: COUNT }, (_, i) => ({
      Key: 'number',
      ResourceId: idAt('i-', i),
      ResourceType: 'instance',
      Value: String(i),
    })),
  );
});
