import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { buildBucket, SLOT_SECONDS as T } from '../../lake/read/build-bucket.ts';
import { filterFrom } from '../../query/explore/where.ts';
import { readTraffic } from './read-traffic.ts';
import type { Traffic } from './traffic.ts';

const built = [buildBucket()];
after(() => built.forEach((bucket) => bucket.remove()));

const FIELDS =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id flow-direction pkt-src-aws-service pkt-dst-aws-service';

type Line = {
  readonly eni: string;
  readonly src: string;
  readonly dst: string;
  readonly at: number;
  readonly action: string;
  readonly way: string;
  readonly from: string;
  readonly to: string;
  readonly port: number;
};

const address = fc.constantFrom(
  '10.0.1.5',
  '10.0.1.6',
  '192.168.0.9',
  '203.0.113.7',
  '54.231.0.9',
  '203.0.113.200',
  '224.0.0.5',
  '2001:db8::7',
  'fd00::1',
  '-',
);
const anyLine: fc.Arbitrary<Line> = fc.record({
  eni: fc.constantFrom('eni-a', 'eni-b', '-'),
  src: address,
  dst: address,
  at: fc.integer({ min: -50, max: 700 }),
  action: fc.constantFrom('ACCEPT', 'REJECT', '-'),
  way: fc.constantFrom('ingress', 'egress', '-'),
  from: fc.constantFrom('-', 'S3'),
  to: fc.constantFrom('-', 'S3', 'EC2'),
  port: fc.constantFrom(22, 443),
});

/** The end as it is told apart: 203.0.113.200 is of the network. */
function wordOf(text: string, service: string): string {
  if (/^(?:10|192)\.|^fd|^203\.0\.113\.200$/u.test(text)) return text;
  if (service !== '-') return `@service ${service}`;
  return text === '-' || text.startsWith('224.') ? '@multicast' : '@internet';
}

/** Rows as texts: what `readTraffic` must give. */
function plainly(lines: readonly Line[]): string[] {
  const sums = new Map<string, [number, number, number, number]>();
  for (const { eni, src, dst, at, action, way, from, to, port } of lines) {
    if (at < 0 || at >= 600 || port !== 443) continue;
    const key = `${eni} ${way} ${wordOf(src, from)} ${wordOf(dst, to)} ${Math.floor(at / 60)}`;
    const own = sums.get(key) ?? [0, 0, 0, 0];
    sums.set(key, own);
    own[0] += 1000 + port;
    own[1] += 3;
    own[2] += 1;
    own[3] += action === 'REJECT' ? 1 : 0;
  }
  return [...sums].map(([key, own]) => `${key}: ${own.join(' ')}`).toSorted();
}

function written({ interfaces, ends, rows, at, direction, src, dst, window, sums }: Traffic): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const way = ['-', 'ingress', 'egress'][direction[row]!];
    const own = [...sums.subarray(row * 4, row * 4 + 4)].join(' ');
    return `${interfaces[at[row]!]!.id ?? '-'} ${way} ${ends[src[row]!]} ${ends[dst[row]!]} ${window[row]}: ${own}`;
  }).toSorted();
}

const ASKED = {
  fromSeconds: T,
  stepSeconds: 60,
  windows: 10,
  filter: filterFrom('dstport=443'),
  blocks: ['10.0.0.0/16', '203.0.113.192/26'],
  publicAddresses: ['203.0.113.200'],
};
const OPTIONS = { range: { startSeconds: T, endSeconds: T + 600 }, signal: new AbortController().signal };

test('gives the sums of the records, each of them once, whatever they lack', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 60 }), async (lines) => {
      const bucket = buildBucket();
      built.push(bucket);
      bucket.text([
        FIELDS,
        ...lines.map(
          ({ eni, src, dst, at, action, way, from, to, port }) =>
            `${eni} ${src} ${dst} 40000 ${port} 6 3 ${1000 + port} ${T + at} ${T + at + 20} ${action} OK vpc-1 ${way} ${from} ${to}`,
        ),
        `eni-a - - - - - - - ${T} ${T + 59} - NODATA - - - -`,
      ]);
      const { traffic } = await readTraffic(bucket.directory, ASKED, () => true, OPTIONS);
      assert.deepEqual(written(traffic), plainly(lines));
    }),
    { numRuns: 12 },
  );
});

test('of an interface that is not known the address is the one that most of its records have on its side', async () => {
  const [bucket] = built;
  bucket!.text([
    'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action',
    ...[
      'eni-a 10.0.1.5 10.0.1.6',
      'eni-a 10.0.1.5 10.0.1.7',
      'eni-a 203.0.113.7 10.0.1.5',
      'eni-b 10.0.1.9 10.0.1.5',
    ].map((ends, at) => `${ends} 40000 443 6 3 1000 ${T + at} ${T + at} ACCEPT`),
  ]);
  const { traffic, sql, notes } = await readTraffic(bucket!.directory, ASKED, (id) => id === 'eni-b', OPTIONS);
  assert.deepEqual(
    traffic.interfaces.map(({ id, address: at }) => [id, at === null ? null : traffic.ends[at]]),
    [
      ['eni-a', '10.0.1.5'],
      ['eni-b', null],
    ],
  );
  assert.match(sql, /dstport IN \(443\)|dstport = 443/u);
  assert.ok(notes.some((note) => note.kind === 'field-missing' && note.field === 'flow-direction'));
});
