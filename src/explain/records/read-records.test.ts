import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildBucket } from '../../lake/read/build-bucket.ts';
import type { BuiltBucket } from '../../lake/read/build-bucket.ts';
import { network, OPEN } from '../../network/verdict/told-network.ts';
import { Attribution } from './attribution.ts';
import { readRecords } from './read-records.ts';
import { timeless } from './model-times.ts';
import { causeTexts, snapshotOf } from './told-records.ts';

const built: BuiltBucket[] = [];
after(() => built.forEach((bucket) => bucket.remove()));

function bucket(): BuiltBucket {
  const made = buildBucket();
  built.push(made);
  return made;
}

const T = 1_795_435_500;
const V5 =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags flow-direction';
const V8 = `${V5} reject-reason`;
const line = (port: number, at = T): string =>
  `eni-a 198.51.100.7 10.0.1.5 40000 ${port} 6 1 60 ${at} ${at + 10} REJECT 2 ingress`;
const MODEL = network(
  [['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '10.0.0.0/8']],
  [[90, 'in', 'deny', '6', 23, 23, '0.0.0.0/0'], ...OPEN],
);
const BLOCKED = {
  ...MODEL,
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
    },
  ],
  VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-bidirectional' },
};

async function causesAt(from: string, model: object = MODEL, span: [number, number] | null = null): Promise<string[]> {
  const range = span === null ? null : { startSeconds: span[0], endSeconds: span[1] };
  const attribution = new Attribution(timeless(snapshotOf(model)), range);
  await readRecords(from, range === null ? {} : { range }, (batch) => attribution.take(batch));
  return causeTexts(attribution).sort((a, b) => (a < b ? -1 : 1));
}

const CAUSES = [
  'eni-a ingress nacl-ingress acl-a/in/90 certain x2',
  'eni-a ingress sg-ingress default-deny certain x1',
];

describe('records of a place', () => {
  it('come to the same from text, gzip, files of several formats, and Parquet', async () => {
    const text = bucket();
    text.text([V5, line(23), line(80)]);
    text.text([V8, `${line(23)} -`]);
    assert.deepEqual(await causesAt(text.directory), CAUSES);
    const packed = bucket().file('records.log.gz', gzipSync([V5, line(23), line(80), line(23), ''].join('\n')));
    assert.deepEqual(await causesAt(packed), CAUSES);
    const parquet = bucket();
    const row = (port: number): string =>
      `SELECT 'eni-a' AS interface_id, '198.51.100.7' AS srcaddr, '10.0.1.5' AS dstaddr, 40000 AS srcport, ${port} AS dstport, 6 AS protocol, 1::BIGINT AS packets, 60::BIGINT AS bytes, ${T}::BIGINT AS start, ${T + 10}::BIGINT AS "end", 'REJECT' AS action, 2 AS tcp_flags, 'ingress' AS flow_direction`;
    await parquet.parquet([23, 80, 23].map(row).join(' UNION ALL '));
    assert.deepEqual(await causesAt(parquet.directory), CAUSES);
    // Parquet beside text: the table has both.
    parquet.text([V5, line(23)]);
    assert.deepEqual(await causesAt(parquet.directory), [CAUSES[0]!.replace('x2', 'x3'), CAUSES[1]]);
  });

  it('of a format without reject-reason may have met a control, also beside files that have it', async () => {
    const mixed = bucket();
    const wanted = ['eni-a ingress BPA certain x1', 'eni-a ingress sg-ingress default-deny certain x1'];
    mixed.text([V5, line(80)]);
    mixed.text([V8, `${line(80)} -`]);
    assert.deepEqual(await causesAt(mixed.directory, BLOCKED), wanted);
  });

  it('are those of a range of time', async () => {
    const two = bucket();
    two.text([V5, line(23), line(80, T + 200)]);
    assert.deepEqual(await causesAt(two.directory, MODEL, [T + 100, T + 300]), [CAUSES[1]]);
  });

  it('with a protocol that is not told or cannot be are not judged as another', async () => {
    const odd = ['-', '256', '6'].map((protocol) => line(80).replace(' 6 1 60 ', ` ${protocol} 1 60 `));
    const some = bucket().file('odd.log', [V5, ...odd, ''].join('\n'));
    assert.deepEqual(await causesAt(some), ['eni-a ingress sg-ingress default-deny certain x1']);
  });

  it('of files without a field that tells who was rejected are refused, and not counted as none', async () => {
    const few = bucket().file('few.log', 'interface-id action\neni-a REJECT\n');
    await assert.rejects(causesAt(few), {
      code: 'FG_QUERY_FIELDS',
      message: /^diagnose needs srcaddr, dstaddr, protocol, which the one file does not hold/,
    });
    const mute = bucket().file('mute.log', 'srcaddr dstaddr protocol\n10.0.0.1 10.0.1.5 6\n');
    await assert.rejects(causesAt(mute), { code: 'FG_QUERY_FIELDS', message: /needs action,/ });
  });

  it('that are none are said to be none', async () => {
    const none = bucket().file('x.log', 'this is no flow log\n');
    await assert.rejects(causesAt(none), { code: 'FG_SOURCE_NO_RECORDS' });
    const strays = bucket();
    strays.file('notes.txt', 'this is no flow log\n');
    const message = /1 other file was passed over/;
    await assert.rejects(causesAt(strays.directory), { code: 'FG_SOURCE_EMPTY', message });
    const imported = bucket();
    imported.file('state.sqlite', 'SQLite format 3\0');
    await assert.rejects(causesAt(imported.directory), { code: 'FG_SOURCE_EMPTY', message: /objects; name/ });
  });
});
