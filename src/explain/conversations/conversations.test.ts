import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { buildBucket, SLOT_SECONDS as T } from '../../lake/read/build-bucket.ts';
import type { BuiltBucket } from '../../lake/read/build-bucket.ts';
import { openFlowTable } from '../../lake/read/flow-table.ts';
import { openSource } from '../../lake/read/open-source.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import { Holders } from '../../network/vpc/holders.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { ConversationBatch, Side } from './batch.ts';
import { stitch } from './conversations.ts';
import type { Conversations, OwnAddresses } from './conversations.ts';

const built: BuiltBucket[] = [];
after(() => built.forEach((bucket) => bucket.remove()));

const HEADER =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction';

/** Stitches files; gives what `read` makes of it. */
async function stitched<T>(
  files: readonly (readonly string[])[],
  read: (conversations: Conversations, notes: readonly { kind: string; field?: string }[]) => Promise<T>,
  own: OwnAddresses | null = null,
  memoryBytes = 1e9,
): Promise<T> {
  const bucket = buildBucket();
  built.push(bucket);
  for (const lines of files) bucket.text(lines);
  const { signal } = new AbortController();
  const table = await openFlowTable(await openSource(bucket.directory), signal);
  try {
    return await read(await stitch(table, 'replay', { signal, own, memoryBytes }), table.notes);
  } finally {
    await table.close();
  }
}

function addressOf(batch: ConversationBatch, words: Uint32Array, row: number): string {
  const family = batch.family[row] === 4 ? 4 : 6;
  return formatAddress({ family, words: [...words.subarray(row * 4, row * 4 + (family === 4 ? 1 : 4))] });
}

function sideOf(side: Side, row: number): number[] {
  return [
    side.records[row]!,
    side.acceptedPackets[row]!,
    side.acceptedBytes[row]!,
    side.rejectedPackets[row]!,
    side.rejectedBytes[row]!,
    side.flags[row]!,
    side.firstSeconds[row]!,
    side.lastSeconds[row]!,
  ];
}

/** A conversation as text: own end, other end, protocol, placed, opener and by what, both sides, times. */
async function textsOf(conversations: Conversations, only?: readonly number[]): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of conversations.batches(only))
    for (let row = 0; row < batch.rows; row++)
      texts.push(
        [
          conversations.interfaces[batch.at[row]!]!.id,
          `${addressOf(batch, batch.local, row)} ${batch.localPort[row]}`,
          `${addressOf(batch, batch.remote, row)} ${batch.remotePort[row]}`,
          batch.protocol[row],
          `placed ${batch.placed[row]} opener ${batch.opener[row]} by ${batch.openerBy[row]}`,
          `in ${sideOf(batch.ingress, row).join(' ')}`,
          `out ${sideOf(batch.egress, row).join(' ')}`,
          `ok ${batch.firstAcceptedSeconds[row]} ${batch.lastAcceptedSeconds[row]}`,
          `no ${batch.firstRejectedSeconds[row]} ${batch.lastRejectedSeconds[row]}`,
        ].join(', '),
      );
  return texts.sort();
}

test('joins both directions over windows and files, and counts what names no five-tuple', async () => {
  const one = [
    HEADER,
    `eni-0a 198.51.100.7 10.0.0.5 40112 443 6 3 300 ${T} ${T + 20} ACCEPT OK 2 ingress`,
    `eni-0a 10.0.0.5 198.51.100.7 443 40112 6 2 200 ${T} ${T + 20} ACCEPT OK 18 egress`,
    `eni-0a - - - - - - - ${T} ${T + 59} - NODATA - -`,
    `eni-0b - - - - - - - ${T} ${T + 59} - SKIPDATA - -`,
    `eni-0a 10.0.0.5 198.51.100.7 443 40112 6 2 200 ${T} ${T + 20} - OK 18 egress`,
  ];
  const two = [HEADER, `eni-0a 198.51.100.7 10.0.0.5 40112 443 6 1 40 ${T + 60} ${T + 61} REJECT OK 1 ingress`];
  await stitched([one, two], async (conversations) => {
    assert.deepEqual(await textsOf(conversations), [
      `eni-0a, 10.0.0.5 443, 198.51.100.7 40112, 6, placed 1 opener 1 by 1, in 2 3 300 1 40 19 ${T} ${T + 61}, out 1 2 200 0 0 5 ${T} ${T + 20}, ok ${T} ${T + 20}, no ${T + 60} ${T + 61}`,
    ]);
    assert.deepEqual(
      conversations.interfaces.map(({ id, records, nodata, skipdata, incomplete }) => [
        id,
        records,
        nodata,
        skipdata,
        incomplete,
      ]),
      [
        ['eni-0a', 3, 1, 0, 1],
        ['eni-0b', 0, 0, 1, 0],
      ],
    );
    assert.deepEqual(await textsOf(conversations, [1]), []);
  });
});

test('without flow-direction and tcp-flags the model tells the own end and ports tell the opener, and notes say so', async () => {
  const snapshot = compileSnapshot(
    readModel([
      {
        name: 'm',
        json: {
          NetworkInterfaces: [
            {
              NetworkInterfaceId: 'eni-0a',
              VpcId: 'vpc-1',
              PrivateIpAddress: '10.0.0.5',
              PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.5', Primary: true }],
              Ipv6Addresses: [{ Ipv6Address: '2001:db8::5' }],
            },
          ],
        },
      },
    ]),
    { version: 1, atMicros: 0 },
  );
  const own = {
    holders: new Holders(snapshot),
    numberOf: (id: string) => snapshot.interfaces.find((one) => one.id === id)?.number ?? 0,
  };
  const lines = [
    'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action',
    `eni-0a 2001:db8::5 2001:db8::9 443 50000 6 1 60 ${T} ${T + 1} ACCEPT`,
    `eni-0a 2001:db8::9 2001:db8::5 50000 443 6 1 60 ${T} ${T + 1} ACCEPT`,
    `eni-0a 10.0.0.9 10.0.0.8 1 1 47 1 60 ${T} ${T + 1} ACCEPT`,
  ];
  await stitched(
    [lines],
    async (conversations, notes) => {
      const texts = await textsOf(conversations);
      assert.match(texts[0]!, /^eni-0a, 10\.0\.0\.8 1, 10\.0\.0\.9 1, 47, placed 0 opener \d by 4/);
      assert.match(texts[1]!, /^eni-0a, 2001:db8::5 443, 2001:db8::9 50000, 6, placed 2 opener 1 by 2/);
      assert.deepEqual(
        notes.filter(({ kind }) => kind === 'field-missing').map(({ field }) => field),
        ['tcp-flags', 'flow-direction', 'pkt-srcaddr', 'pkt-dstaddr', 'log-status'],
      );
    },
    own,
  );
});

test('takes the addresses of packets, so that what an appliance forwards is a conversation with each of its ends', async () => {
  const lines = [
    `${HEADER} pkt-srcaddr pkt-dstaddr`,
    `eni-0n 10.0.1.5 10.0.9.9 40000 443 6 1 60 ${T} ${T + 1} ACCEPT OK 2 ingress 10.0.1.5 198.51.100.1`,
    `eni-0n 10.0.9.9 198.51.100.1 40000 443 6 1 60 ${T} ${T + 1} ACCEPT OK 2 egress 10.0.1.5 198.51.100.1`,
    `eni-0n 198.51.100.1 10.0.9.9 443 40000 6 1 60 ${T} ${T + 1} ACCEPT OK 18 ingress 198.51.100.1 10.0.1.5`,
  ];
  await stitched([lines], async (conversations) => {
    const texts = await textsOf(conversations);
    assert.equal(texts.length, 2);
    assert.match(texts[0]!, /10\.0\.1\.5 40000, 198\.51\.100\.1 443, 6, placed 1 opener 2 by 1, in 1 .*out 1 /);
    assert.match(texts[1]!, /198\.51\.100\.1 443, 10\.0\.1\.5 40000, 6, placed 1 opener 1 by 1, in 1 .*out 0 /);
  });
});

test('needs the fields of a five-tuple', async () => {
  await assert.rejects(
    stitched([['interface-id srcaddr dstaddr', 'eni-0a 10.0.0.1 10.0.0.2']], async () => {}),
    { code: 'FG_QUERY_FIELDS' },
  );
});

type Line = readonly [number, number, number, number, number, number, boolean, boolean, number, boolean];
const anyLine: fc.Arbitrary<Line> = fc.tuple(
  fc.nat(1),
  fc.nat(3),
  fc.nat(3),
  fc.constantFrom(22, 443, 5432, 40000, 50000),
  fc.constantFrom(22, 443, 5432, 40000, 50000),
  fc.constantFrom(6, 17, 1),
  fc.boolean(),
  fc.boolean(),
  fc.constantFrom(0, 1, 2, 4, 18, 19),
  fc.boolean(),
);

/** The plain reading: every record into an object by its text key. */
function plainly(lines: readonly Line[]): string[] {
  const found = new Map<
    string,
    { sides: [number[], number[]]; opened: Set<string>; head: string; ports: [number, number] }
  >();
  for (const [at, a, b, aPort, bPort, protocol, isIn, ok, flags] of lines) {
    const [src, dst] = [`10.0.0.${a}`, `10.0.1.${b}`];
    const [local, remote] = isIn ? [`${dst} ${bPort}`, `${src} ${aPort}`] : [`${src} ${aPort}`, `${dst} ${bPort}`];
    const head = `eni-${at}, ${local}, ${remote}, ${protocol}`;
    const one = found.get(head) ?? {
      sides: [
        [0, 0, 0],
        [0, 0, 0],
      ],
      opened: new Set(),
      head,
      ports: isIn ? [bPort, aPort] : [aPort, bPort],
    };
    found.set(head, one);
    const side = one.sides[isIn ? 0 : 1];
    side[0]!++;
    side[ok ? 1 : 2]! += 10;
    if (protocol === 6 && (flags & 18) === 2) one.opened.add(isIn ? 'remote' : 'local');
    if (protocol === 6 && (flags & 18) === 18) one.opened.add(isIn ? 'local' : 'remote');
  }
  return [...found.values()]
    .map(
      ({ head, sides: [into, out], opened }) =>
        `${head} ${[...into, ...out].join(' ')} ${opened.size === 1 ? [...opened][0] : 'otherwise'}`,
    )
    .sort();
}

test('stitches any records as a plain reading does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 60 }), async (lines) => {
      const text = lines.map(
        ([at, a, b, aPort, bPort, protocol, isIn, ok, flags, later]) =>
          `eni-${at} 10.0.0.${a} 10.0.1.${b} ${aPort} ${bPort} ${protocol} 10 100 ${T + (later ? 60 : 0)} ${T + (later ? 70 : 9)} ${ok ? 'ACCEPT' : 'REJECT'} OK ${flags} ${isIn ? 'ingress' : 'egress'}`,
      );
      await stitched(
        [[HEADER, ...text]],
        async (conversations) => {
          const seen: string[] = [];
          for await (const batch of conversations.batches())
            for (let row = 0; row < batch.rows; row++) {
              const sides = [batch.ingress, batch.egress].flatMap((side) => [
                side.records[row],
                side.acceptedPackets[row],
                side.rejectedPackets[row],
              ]);
              const opener = batch.openerBy[row] === 1 ? (batch.opener[row] === 1 ? 'remote' : 'local') : 'otherwise';
              seen.push(
                `${conversations.interfaces[batch.at[row]!]!.id}, ${addressOf(batch, batch.local, row)} ${batch.localPort[row]}, ${addressOf(batch, batch.remote, row)} ${batch.remotePort[row]}, ${batch.protocol[row]} ${sides.join(' ')} ${opener}`,
              );
            }
          assert.deepEqual(seen.sort(), plainly(lines));
        },
        null,
        // In one part or in several, each conversation once.
        lines.length % 2 === 0 ? 1e9 : 5000,
      );
    }),
    { numRuns: 20 },
  );
});
