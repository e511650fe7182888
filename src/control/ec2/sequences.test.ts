import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { Item, Scope } from '../../storage/state/current-facts.ts';
import { factsAt } from '../../storage/state/facts-at.ts';
import { openState } from '../../storage/state/state-file.ts';
import { ACTIONS } from './actions/list.ts';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { KIND_WORDS } from './items.ts';
import type { Kind } from './items.ts';
import { membersOf, operationShapes } from './shapes.ts';
import type { Member, Type } from './shapes.ts';

const KINDS = Object.keys(KIND_WORDS) as Kind[];

const NAMES = ACTIONS.filter(({ service }) => service === 'ec2').map(({ name }) => name);

/** What members that take few values take. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ResourceType: ['VPC', 'Subnet', 'NetworkInterface', 'vpc-flow-log', 'vpc', 'subnet'],
  TrafficType: ['ALL', 'ACCEPT', 'REJECT'],
  LogDestinationType: ['s3', 'cloud-watch-logs'],
  LogDestination: ['arn:aws:s3:::local', 'arn:aws:s3:::one', 'arn:aws:s3:::two/prefix'],
  LogGroupName: ['a-group'],
  DeliverLogsPermissionArn: [`arn:aws:iam::${ACCOUNT}:role/r`],
  LogFormat: ['${version} ${start} ${end}'],
  CidrBlock: ['10.0.0.0/16', '10.1.0.0/16', '10.0.1.0/24', '10.0.2.0/24', '0.0.0.0/0'],
  DestinationCidrBlock: ['0.0.0.0/0', '10.9.0.0/16'],
  CidrIp: ['0.0.0.0/0', '10.0.0.0/8'],
  IpProtocol: ['tcp', 'udp', '-1', 'icmp'],
  Protocol: ['6', '17', '-1'],
  RuleAction: ['allow', 'deny'],
  AvailabilityZone: [`${REGION}a`, `${REGION}b`],
  GroupName: ['web', 'db', 'default'],
  PeerOwnerId: [ACCOUNT, OTHER_ACCOUNT],
  PrivateIpAddress: ['10.0.1.5', '10.0.1.6'],
  Key: ['Name', 'team'],
};
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  MaxAggregationInterval: [60, 600],
  MaxResults: [5, 1000],
  RuleNumber: [100, 200],
  FromPort: [22, 80],
  ToPort: [80, 443],
};

const RESOURCE_TYPES = [
  ['vpc-', 'VPC'],
  ['subnet-', 'Subnet'],
  ['eni-', 'NetworkInterface'],
] as const;

/** A form from a list of numbers: what is there, and which value it has. */
class Chooser {
  readonly #numbers: readonly number[];
  readonly #pool: readonly string[];
  #at = 0;
  constructor(numbers: readonly number[], pool: readonly string[]) {
    this.#numbers = numbers;
    this.#pool = pool;
  }
  number(below: number): number {
    return (this.#numbers[this.#at++ % this.#numbers.length] ?? 0) % below;
  }
  pick<T>(values: readonly T[]): T {
    return values[this.number(values.length)]!;
  }
  value({ name }: Member, kind: Type['kind']): string {
    if (kind === 'number') return String(this.pick(NUMBERS[name] ?? [1, 2]));
    if (kind === 'boolean') return String(this.number(2) === 0);
    if (kind === 'time') return '2026-11-30T00:00:00Z';
    if (/(?:Ids?|^Resources|^Groups?)$/.test(name) && !/Token|OwnerId/.test(name)) return this.#id(name);
    return this.pick(WORDS[name] ?? ['x', 'y']);
  }
  /** Mostly one of the right kind. */
  #id(name: string): string {
    const kind = KINDS.find((one) => name.replace(/s$/, '').endsWith(KIND_WORDS[one].id));
    const right = this.#pool.filter((id) => kind === undefined || id.startsWith(KIND_WORDS[kind].prefix));
    return this.number(8) === 0 || right.length === 0
      ? this.pick([...this.#pool, 'vpc-0', 'nothing'])
      : this.pick(right);
  }
  form(shape: string, path = '', depth = 0): string[] {
    return membersOf(shape).flatMap((member) => {
      const { name, query, required } = member;
      if (/^(?:DryRun|ClientToken|NextToken|Filters?)$/.test(name)) return [];
      if (!required && this.number(depth === 0 ? 3 : 2) === 0) return [];
      return this.#member(member, member.type, path + query, depth);
    });
  }
  /** One that would be made, were there none like it. */
  flowLog(): string[] {
    const [id, type] = this.pick(
      this.#pool.flatMap((one) =>
        RESOURCE_TYPES.flatMap(([prefix, name]) => (one.startsWith(prefix) ? [[one, name]] : [])),
      ),
    );
    const bucket = encodeURIComponent(this.pick(WORDS['LogDestination'] ?? []));
    const traffic = this.pick(WORDS['TrafficType'] ?? []);
    const place = `LogDestinationType=s3&LogDestination=${bucket}`;
    return [`ResourceType=${type}&ResourceId.1=${id}&TrafficType=${traffic}&${place}`];
  }
  #member(member: Member, type: Type, path: string, depth: number): string[] {
    if (type.kind === 'list') return this.#member(member, type.of, `${path}.1`, depth);
    if (type.kind === 'structure') return depth > 3 ? [] : this.form(type.shape, `${path}.`, depth + 1);
    return [`${path}=${encodeURIComponent(this.value(member, type.kind))}`];
  }
}

/** Members that name other things, by the kind of those. */
const REFERENCES = new Map(KINDS.map((kind) => [KIND_WORDS[kind].id, kind]));

/** Ids within an item that are of nothing; `isThere` looks in all accounts. */
function broken(item: unknown, own: string, isThere: (kind: Kind, id: string) => boolean): string[] {
  if (typeof item !== 'object' || item === null) return [];
  return Object.entries(item).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value !== 'string') return broken(value, own, isThere);
    const kind =
      name === 'ResourceId' ? KINDS.find((one) => value.startsWith(KIND_WORDS[one].prefix)) : REFERENCES.get(name);
    return kind === undefined || value === '' || value === own || isThere(kind, value) ? [] : [`${name} ${value}`];
  });
}

/** A connection that has ended still says what it was between. */
const hasEnded = (item: Item): boolean => {
  const status = (item['Status'] as Item | undefined)?.['Code'] ?? item['State'];
  return /^(?:deleted|rejected|expired|failed|deleting)$/.test(String(status));
};

const contents = (scope: Scope): Record<string, readonly Item[]> =>
  Object.fromEntries(KINDS.map((kind) => [kind, scope.list(kind)]));

function checkState(ec2: Pretended): void {
  const state = openState(ec2.path, false);
  try {
    const facts = openCurrentFacts(state);
    const isThere = (kind: Kind, id: string): boolean => facts.find(kind, id) !== undefined;
    for (const account of [ACCOUNT, OTHER_ACCOUNT]) {
      const all = contents(facts.scope(account, REGION));
      for (const kind of KINDS)
        for (const item of all[kind] ?? [])
          if (!hasEnded(item)) {
            const own = String(item[KIND_WORDS[kind].id]);
            assert.deepEqual(broken(item, own, isThere), [], `${kind} ${own}`);
          }
      const shown = ec2.current(account);
      assert.deepEqual(shown, all, 'what the server knows is what is on disk');
    }
    // The collector and `diagnose` understand all of it.
    const { model } = factsAt(state, { atMicros: Infinity, knownAtMicros: Infinity });
    compileSnapshot(readModel([{ name: 'state', json: model }]), { version: 1, atMicros: 0 });
  } finally {
    state.close();
  }
}

/** Calls of which some must succeed, however many others there are: as often as all of these together. */
const OFTEN = ['CreateFlowLogs', 'CreateFlowLogs', 'CreateTags', 'DeleteFlowLogs'];

test('after any calls no reference is broken, no answer is a fault of ours, and the disk has what memory has', async () => {
  const call = fc.tuple(
    fc.constantFrom(...NAMES, ...OFTEN.flatMap((name) => Array<string>(Math.ceil(NAMES.length / 6)).fill(name))),
    fc.array(fc.nat(10_000), { minLength: 1, maxLength: 40 }),
    fc.constantFrom('operate', 'operate', 'operate', 'other', 'read'),
  );
  const succeeded = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 40 }), async (calls) => {
      const ec2 = await pretendEc2();
      try {
        ec2.put('Vpcs', [{ VpcId: 'vpc-0a', OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16', State: 'available' }]);
        const zone = { AvailabilityZone: `${REGION}a`, OwnerId: ACCOUNT, State: 'available' } as const;
        ec2.put('Subnets', [{ SubnetId: 'subnet-0a', VpcId: 'vpc-0a', CidrBlock: '10.0.1.0/24', ...zone }]);
        for (const [name, numbers, who] of calls) {
          const pool = ids(ec2.current(who === 'other' ? OTHER_ACCOUNT : ACCOUNT));
          const chooser = new Chooser(numbers, pool);
          // Few of all forms are right.
          const isRight = who === 'operate' && chooser.number(3) > 0;
          const flowLog = pool.find((id) => id.startsWith('fl-'));
          const form =
            isRight && name === 'CreateFlowLogs'
              ? chooser.flowLog()
              : isRight && name === 'DeleteFlowLogs' && flowLog !== undefined
                ? [`FlowLogId.1=${flowLog}`]
                : chooser.form(operationShapes(name).request);
          const { status, body } = await ec2.send([`Version=2016-11-15&Action=${name}`, ...form].join('&'), { who });
          assert.ok(status < 500, `${name} ${form.join('&')}: ${body}`);
          if (status === 200) succeeded.set(name, (succeeded.get(name) ?? 0) + 1);
          ec2.clock.now = new Date(ec2.clock.now.getTime() + 1);
        }
        checkState(ec2);
      } finally {
        await ec2.close();
      }
    }),
    { numRuns: 25 },
  );
  for (const name of OFTEN)
    assert.ok(succeeded.has(name), `${name} succeeded at least once: ${JSON.stringify([...succeeded])}`);
});

function ids(all: Readonly<Record<string, readonly Item[]>>): string[] {
  return KINDS.flatMap((kind) => (all[kind] ?? []).map((item) => String(item[KIND_WORDS[kind].id])));
}
