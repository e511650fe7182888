import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CostReport } from '../../api/cost.ts';
import { LIST_PRICES } from '../../lake/keep/list-prices.ts';
import { costAt } from './cost.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-cost-'));
after(() => rmSync(scratch, { recursive: true }));

const GIB = 1_073_741_824;
/** 2026-11-22T10:00:00Z. */
const T = 1_795_341_600;
const HOUR = { startSeconds: T, endSeconds: T + 3600 };

const FORMAT =
  'interface-id interface-type az-id instance-tag flow-direction traffic-path next-hop-interface-type next-hop-az-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service bytes start end action';

/** A record of so many gigabytes; what is not given is absent. */
function line(gigabytes: number, at: string, given: Record<string, string>): string {
  const fixed: Record<string, string> = { ...AT[at], bytes: String(gigabytes * GIB), start: String(T + 60), end: String(T + 90), action: 'ACCEPT' }; // prettier-ignore
  const all = { ...fixed, ...given };
  all['pkt-srcaddr'] ??= all['srcaddr']!;
  all['pkt-dstaddr'] ??= all['dstaddr']!;
  return FORMAT.split(' ').map((field) => all[field] ?? '-').join(' '); // prettier-ignore
}
const AT: Record<string, Record<string, string>> = {
  web: { 'interface-id': 'eni-web', 'az-id': 'use1-az1', 'instance-tag': 'web' },
  db: { 'interface-id': 'eni-db', 'az-id': 'use1-az2', 'instance-tag': 'db' },
  nat: { 'interface-id': 'eni-nat', 'interface-type': 'nat_gateway', 'az-id': 'use1-az1' },
  endpoint: { 'interface-id': 'eni-vpce', 'interface-type': 'vpc_endpoint', 'az-id': 'use1-az1' },
};
const [WEB, WEB2, DB, NAT, ENDPOINT] = ['10.0.1.5', '10.0.1.6', '10.0.2.7', '10.0.9.9', '10.0.1.200'] as const;
const S3 = '52.216.1.1';
const FAR = '198.51.100.7';
const out = { 'flow-direction': 'egress' };
const into = { 'flow-direction': 'ingress' };
const near = { ...out, 'traffic-path': '1', 'next-hop-az-id': 'use1-az1' };

const LINES = [
  // Into another zone, recorded at both ends.
  line(2, 'web', { ...near, srcaddr: WEB, dstaddr: DB, 'next-hop-az-id': 'use1-az2' }),
  line(2, 'db', { ...into, srcaddr: WEB, dstaddr: DB }),
  line(5, 'web', { ...near, srcaddr: WEB, dstaddr: WEB2 }),
  // To S3 and back, and to the internet, through the NAT gateway.
  line(3, 'web', { ...near, srcaddr: WEB, dstaddr: S3, 'next-hop-interface-type': 'nat_gateway', 'pkt-dst-aws-service': 'S3' }),
  line(3, 'nat', { ...into, srcaddr: WEB, dstaddr: NAT, 'pkt-dstaddr': S3, 'pkt-dst-aws-service': 'S3' }),
  line(3, 'nat', { ...out, 'traffic-path': '8', srcaddr: NAT, dstaddr: S3, 'pkt-dst-aws-service': 'S3' }),
  line(1, 'nat', { ...into, srcaddr: S3, dstaddr: NAT, 'pkt-src-aws-service': 'S3' }),
  line(1, 'nat', { ...near, srcaddr: NAT, dstaddr: WEB, 'pkt-srcaddr': S3, 'pkt-src-aws-service': 'S3' }),
  line(1, 'web', { ...into, srcaddr: S3, dstaddr: WEB }),
  line(1, 'web', { ...near, srcaddr: WEB, dstaddr: FAR, 'next-hop-interface-type': 'nat_gateway' }),
  line(1, 'nat', { ...into, srcaddr: WEB, dstaddr: NAT, 'pkt-dstaddr': FAR }),
  line(1, 'nat', { ...out, 'traffic-path': '8', srcaddr: NAT, dstaddr: FAR }),
  line(2, 'db', { ...out, 'traffic-path': '8', srcaddr: DB, dstaddr: FAR }),
  line(7, 'db', { ...out, 'traffic-path': '8', srcaddr: DB, dstaddr: FAR, action: 'REJECT' }),
  line(1, 'db', { ...out, srcaddr: DB, dstaddr: '10.50.0.1', 'next-hop-interface-type': 'transit_gateway', 'next-hop-az-id': 'use1-az2' }),
  line(3, 'db', { ...out, 'traffic-path': '5', srcaddr: DB, dstaddr: '10.60.0.1' }),
  line(2, 'endpoint', { ...into, srcaddr: WEB, dstaddr: ENDPOINT }),
  line(2, 'web', { ...near, srcaddr: WEB, dstaddr: ENDPOINT, 'next-hop-interface-type': 'vpc_endpoint' }),
  line(1, 'endpoint', { ...near, srcaddr: ENDPOINT, dstaddr: WEB }),
  // Began before the hour: of the hour before.
  line(9, 'db', { ...out, 'traffic-path': '8', srcaddr: DB, dstaddr: FAR, start: String(T - 30), end: String(T + 10) }),
]; // prettier-ignore

function fileOf(name: string, lines: readonly string[]): string {
  const path = join(scratch, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const near6 = (value: number): number => Math.round(value * 1e6) / 1e6;
const chargesOf = ({ charges }: CostReport): unknown[] =>
  charges.map(({ charge, fromZone, toZone, bytes, cost, estimated }) => [charge, fromZone, toZone, bytes / GIB, cost === null ? null : near6(cost), estimated]); // prettier-ignore

test('each way has its bytes once and its price, as worked out by hand', async () => {
  const { report, notes } = await costAt(fileOf('v11.log', [FORMAT, ...LINES]), LIST_PRICES, 'instance-tag', { range: HOUR }); // prettier-ignore
  assert.deepEqual(notes, []);
  assert.deepEqual(chargesOf(report), [
    ['internet', null, null, 3, 0.27, false],
    ['nat-gateway', null, null, 5, 0.225, false],
    ['inter-region', null, null, 3, 0.06, false],
    ['cross-zone', 'use1-az1', 'use1-az2', 2, 0.04, false],
    ['interface-endpoint', null, null, 3, 0.03, false],
    ['transit-gateway', null, null, 1, 0.02, false],
    ['same-zone', null, null, 13, 0, false],
    ['aws-service', null, null, 3, null, false],
  ]);
  assert.deepEqual(
    report.owners.filter(({ cost }) => (cost ?? 0) > 0).map(({ owner, charge, cost }) => [owner, charge, near6(cost!)]),
    [
      ['web', 'nat-gateway', 0.225],
      ['db', 'internet', 0.18],
      [null, 'internet', 0.09],
      ['db', 'inter-region', 0.06],
      ['web', 'cross-zone', 0.04],
      ['web', 'interface-endpoint', 0.03],
      ['db', 'transit-gateway', 0.02],
    ],
  );
  assert.deepEqual(report.endpointSavings, [{ service: 'S3', bytes: 4 * GIB, saves: 0.18 }]);
  assert.deepEqual(report.natGateways, { count: 1, hours: 1, cost: 0.045 });
  assert.equal(near6(report.total), 0.69);
});

test('what the flow log itself costs is by the length of its text, exactly', async () => {
  const lines = LINES.slice(0, -1);
  const { report } = await costAt(fileOf('log.log', [FORMAT, ...lines]), LIST_PRICES, 'instance-tag', { range: HOUR });
  const text = lines.join('\n').length + 1;
  assert.equal(report.log.textBytes, text);
  assert.equal(report.log.records, lines.length);
  assert.equal(report.log.isLeast, false);
  // 720 hours of it a month; all of it is in the first tier.
  const gigabytes = (text * 720) / GIB;
  assert.deepEqual(
    report.log.amounts.map(({ destination, format, deliveryAMonth }) => [destination, format, near6(deliveryAMonth / gigabytes)]), // prettier-ignore
    [
      ['cloudwatch-logs', 'text', 0.5],
      ['s3', 'text', 0.25],
      ['s3', 'parquet', 0.25],
    ],
  );
  assert.equal(near6(report.log.amounts[0]!.storageAMonth! / gigabytes), 0.03);
});

test('the default format tells only what went to public addresses, and says that it is estimated', async () => {
  const format =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const v2 = (src: string, dst: string, bytes: number, action = 'ACCEPT'): string =>
    `2 123456789012 eni-1 ${src} ${dst} 1 2 6 1 ${bytes} ${T} ${T + 5} ${action} OK`;
  const path = fileOf('v2.log', [format, v2(WEB, FAR, GIB), v2(FAR, WEB, 3 * GIB), v2(WEB, DB, GIB), v2(WEB, FAR, GIB, 'REJECT'), `2 123456789012 eni-1 - - - - - - - ${T} ${T + 5} - NODATA`]); // prettier-ignore
  const { report, notes } = await costAt(path, LIST_PRICES, 'account-id', {});
  assert.deepEqual(chargesOf(report), [['internet', null, null, 1, 0.09, true]]);
  assert.deepEqual(report.owners, [{ owner: '123456789012', charge: 'internet', bytes: GIB, cost: 0.09 }]);
  assert.equal(report.natGateways, null);
  assert.deepEqual(report.log.amounts, []);
  const missing = notes.flatMap((note) => (note.kind === 'field-missing' ? [note.field] : []));
  assert.ok(
    ['traffic-path', 'az-id', 'flow-direction'].every((field) => missing.includes(field)),
    missing.join(),
  );
});

test('without traffic-path a NAT gateway and its client do not both send to the internet', async () => {
  const fields = ['interface-type', 'traffic-path', 'next-hop-interface-type', 'next-hop-az-id'];
  const keep = FORMAT.split(' ').flatMap((field, at) => (fields.includes(field) ? [] : [at]));
  const cut = (text: string): string => keep.map((at) => text.split(' ')[at]!).join(' '); // prettier-ignore
  const { report } = await costAt(fileOf('v5.log', [FORMAT, ...LINES].map(cut)), LIST_PRICES, 'instance-tag', { range: HOUR }); // prettier-ignore
  assert.deepEqual(chargesOf(report).slice(0, 4), [
    ['internet', null, null, 3, 0.27, true],
    ['nat-gateway', null, null, 5, 0.225, true],
    ['cross-zone', 'use1-az1', 'use1-az2', 2, 0.04, true],
    ['zone-not-known', null, null, 9, null, true],
  ]);
});
