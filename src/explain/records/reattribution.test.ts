import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { Cause } from '../../api/rejects.ts';
import { network } from '../../network/verdict/told-network.ts';
import { Attribution } from './attribution.ts';
import { Reattribution } from './reattribution.ts';
import { attributed, batchesOf, FIELDS, modelsAt } from './told-records.ts';

const POOL = ['10.0.1.5', '10.0.1.6', '10.0.1.7'];
const INTERFACES = ['eni-1', 'eni-2', 'eni-3', 'eni-4'];

/** A model where interfaces hold these addresses; each is in a group of its own. */
function held(holders: ReadonlyMap<string, string>): object {
  const interfaces = [...holders].map(([address, id]) => ({
    NetworkInterfaceId: id,
    VpcId: 'vpc-1',
    SubnetId: 'subnet-a',
    PrivateIpAddress: address,
    Groups: [{ GroupId: `sg-${id}` }],
  }));
  return {
    ...network([]),
    NetworkInterfaces: interfaces,
    SecurityGroups: INTERFACES.map((id) => ({ GroupId: `sg-${id}`, VpcId: 'vpc-1' })),
  };
}

/** Who holds each address from a time on. */
type History = readonly (readonly [fromSeconds: number, holders: ReadonlyMap<string, string>])[];

const anyHolders = fc
  .shuffledSubarray(INTERFACES, { minLength: 1, maxLength: 3 })
  .map((ids) => new Map(ids.map((id, i) => [POOL[i]!, id])));
const anyHistory: fc.Arbitrary<History> = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 12 })
  .chain((times) =>
    fc.tuple(...times.toSorted((a, b) => a - b).map((time) => fc.tuple(fc.constant(time), anyHolders))),
  );
const anyRecord = fc.record({
  address: fc.constantFrom(...POOL),
  start: fc.integer({ min: 0, max: 1100 }),
  length: fc.integer({ min: 0, max: 60 }),
  isIngress: fc.boolean(),
  tellsDirection: fc.boolean(),
  tellsInterface: fc.boolean(),
});

/** The plain reading: everyone who held the address at one second of the record, read second by second. */
function holdersOf(history: History, address: string, start: number, end: number): Set<string> {
  const found = new Set<string>();
  for (let second = start; second <= end; second++) {
    const [, holders] = history.findLast(([from]) => from <= second) ?? history[0]!;
    const holder = holders.get(address);
    if (holder !== undefined) found.add(holder);
  }
  return found;
}

it('gives no record to an interface that did not hold its address, however often addresses are used again', () => {
  let [certain, several, unknown] = [0, 0, 0];
  fc.assert(
    fc.property(anyHistory, fc.array(anyRecord, { minLength: 1, maxLength: 10 }), (history, records) => {
      const times = modelsAt(...history.map(([from, holders]) => [from, held(holders)] as const));
      for (const { address, start, length, isIngress, tellsDirection, tellsInterface } of records) {
        const end = start + length;
        const right = holdersOf(history, address, start, end);
        const [only = 'eni-x'] = right;
        const [src, dst] = isIngress ? ['198.51.100.7', address] : [address, '198.51.100.7'];
        const direction = tellsDirection ? (isIngress ? 'ingress' : 'egress') : '-';
        const line = `${tellsInterface ? only : '-'} ${src} ${dst} 40000 80 6 1 60 ${start} ${end} REJECT 2 ${direction}`;
        const found = attributed(times, [line]).causes.list[1]!;
        assert.equal(found.direction === null || found.direction === (isIngress ? 'ingress' : 'egress'), true);
        if (tellsInterface) {
          assert.equal(found.interfaceId, only);
          continue;
        }
        const met = new Set(found.met.map(({ interfaceId }) => interfaceId));
        const named = new Set(INTERFACES.filter((id) => met.has(id)));
        assert.equal(named.size, met.size);
        assert.deepEqual(named, new Set(INTERFACES.filter((id) => right.has(id))));
        if (right.size === 0) {
          unknown++;
          assert.equal(found.why, 'address-owner-unknown');
        } else if (right.size === 1 && start >= history[0]![0]) {
          certain++;
          assert.equal(found.interfaceId, only);
          assert.equal(found.certainty, 'certain');
        } else {
          several++;
          assert.equal(found.certainty, 'one-of-several');
          if (right.size > 1) assert.equal(found.interfaceId, null);
        }
      }
    }),
    { numRuns: 120 },
  );
  // Each kind was met, and none hardly ever.
  assert.equal(Math.min(certain, several, unknown) > 20, true, `${certain} ${several} ${unknown}`);
});

it('lists what a fact that was learned late gives to another interface, and nothing else', () => {
  fc.assert(
    fc.property(anyHistory, anyHistory, fc.array(anyRecord, { minLength: 1, maxLength: 10 }), (then, now, records) => {
      const timesOf = (history: History): ReturnType<typeof modelsAt> =>
        modelsAt(...history.map(([from, holders]) => [from, held(holders)] as const));
      const lines = records.map(({ address, start, length }) => {
        return `- 198.51.100.7 ${address} 40000 80 6 1 60 ${start} ${start + length} REJECT 2 ingress`;
      });
      const [timesThen, timesNow] = [timesOf(then), timesOf(now)];
      const attribution = new Attribution(timesNow);
      const again = new Reattribution(timesThen, attribution);
      for (const batch of batchesOf(lines)) {
        attribution.take(batch);
        again.take(batch);
      }
      const words = ({ interfaceId, met, why }: Cause): string =>
        JSON.stringify([interfaceId, met.map((one) => one.interfaceId), why]);
      const changed = new Map<string, number>();
      for (const line of lines) {
        const [before, after] = [timesThen, timesNow].map((times) => attributed(times, [line]).causes.list[1]!);
        if (JSON.stringify(before) === JSON.stringify(after)) continue;
        const key = `${words(before!)} ${words(after!)}`;
        changed.set(key, (changed.get(key) ?? 0) + 1);
      }
      const listed = new Map<string, number>();
      for (const { before, now: after, records: count } of again.changes()) {
        const key = `${words(before)} ${words(after)}`;
        listed.set(key, (listed.get(key) ?? 0) + count);
      }
      assert.deepEqual(listed, changed);
    }),
    { numRuns: 60 },
  );
});

it('an address that a second interface took over goes to each in its time, and to neither where the record reaches over both', () => {
  const times = modelsAt([0, held(new Map([['10.0.1.5', 'eni-1']]))], [500, held(new Map([['10.0.1.5', 'eni-2']]))]);
  const line = (start: number, end: number): string =>
    `- 198.51.100.7 10.0.1.5 40000 80 6 1 60 ${start} ${end} REJECT 2 ingress`;
  const of = (start: number, end: number): string | null =>
    attributed(times, [line(start, end)], FIELDS).causes.list[1]!.interfaceId;
  assert.deepEqual([of(100, 160), of(500, 560), of(499, 560)], ['eni-1', 'eni-2', null]);
});
