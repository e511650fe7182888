import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { createDecisionTable } from '../network/verdict/decisions.ts';
import { batchOf, exampleFlowLog, exampleSnapshot, numberOf } from '../../test/record/example-world.ts';
import { INTERFACE_FIELDS } from './fields/list.ts';
import { formatText, parseLogFormat } from './format.ts';
import { textsOf } from './columns.ts';
import { createParser } from './parse.ts';
import { createPrinter } from './print.ts';
import { builtInRanges } from './service-names.ts';
import { createTextBlock } from './text-block.ts';
import type { Interface, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { FlowInWords } from '../../test/record/example-world.ts';
import type { RecordColumns } from './columns.ts';

const SNAPSHOT = exampleSnapshot();

/** What a flow shows, said plainly: the second opinion. Fields that it does not know are left out. */
function plainly(snapshot: VpcSnapshot, flow: FlowInWords): Record<string, string> {
  const recording: Interface = snapshot.interfaces[numberOf(snapshot.interfaces, flow.at)]!;
  const { src = '', dst = '', direction = null } = flow;
  const status = flow.status ?? 'OK';
  const isOk = status === 'OK';
  const primary = recording.primary4 === null || src.includes(':') ? null : ipv4(recording.primary4);
  const shown = {
    srcaddr: direction === 'egress' ? (primary ?? src) : src,
    dstaddr: direction === 'ingress' ? (primary ?? dst) : dst,
    srcport: String(flow.srcport),
    dstport: String(flow.dstport),
    protocol: String(flow.protocol),
    packets: String(flow.packets),
    bytes: String(flow.bytes),
    action: flow.decision!.action!,
    type: src.includes(':') ? 'IPv6' : 'IPv4',
    'tcp-flags': String(flow.tcpFlags),
    'pkt-srcaddr': src,
    'pkt-dstaddr': dst,
    'flow-direction': direction ?? '-',
    'reject-reason': '-',
  };
  return {
    ...(isOk ? shown : Object.fromEntries(Object.keys(shown).map((name) => [name, '-']))),
    'account-id': recording.accountId,
    'interface-id': recording.id,
    'vpc-id': recording.vpcId ?? '-',
    'subnet-id': recording.subnetId ?? '-',
    'instance-id': recording.instanceId ?? '-',
    'az-id': recording.azId ?? '-',
    region: recording.region,
    start: String(Math.floor(flow.firstMicros! / 1e6)),
    end: String(Math.floor(flow.lastMicros! / 1e6)),
    'log-status': status,
  };
}

function ipv4(word: number): string {
  return new ipaddr.IPv4([word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]).toString();
}

/** The value of a row as text. */
function valueAt(columns: RecordColumns, name: string, row: number): string {
  const column = columns.columns.find((one) => one.name === name.replaceAll('-', '_'))!;
  if (column.valid !== null && (column.valid[row >> 3]! & (1 << (row & 7))) === 0) return '-';
  const view = new DataView(column.data.buffer, column.data.byteOffset, column.data.byteLength);
  if (column.dictionary !== null) return textsOf(column.dictionary)[view.getUint32(row * 4, true)]!;
  return String(column.type === 'i64' ? view.getBigInt64(row * 8, true) : view.getInt32(row * 4, true));
}

const v4 = fc.oneof(fc.constantFrom('10.0.0.62', '10.0.0.63', '10.0.1.5', '10.0.0.220'), fc.nat(0xffff_ffff).map(ipv4));
const v6 = fc
  .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  .map((groups) => new ipaddr.IPv6(groups).toRFC5952String())
  .filter((text) => !text.includes('::ffff:'));

const flow: fc.Arbitrary<FlowInWords> = fc
  .record({
    at: fc.constantFrom('eni-a', 'eni-b', 'eni-nat'),
    direction: fc.constantFrom('ingress', 'egress', null),
    addresses: fc.oneof(fc.tuple(v4, v4), fc.tuple(v6, v6)),
    srcport: fc.nat(65_535),
    dstport: fc.nat(65_535),
    protocol: fc.nat(255),
    packets: fc.oneof(fc.nat(20_000), fc.maxSafeNat()),
    bytes: fc.oneof(fc.nat(20_000), fc.maxSafeNat()),
    firstMicros: fc.integer({ min: 0, max: 2 ** 32 * 1e6 }),
    length: fc.nat(600_000_000),
    tcpFlags: fc.constantFrom(0, 1, 2, 4, 18, 19, 23),
    status: fc.constantFrom('OK', 'OK', 'OK', 'OK', 'NODATA', 'SKIPDATA'),
    action: fc.constantFrom('ACCEPT', 'REJECT'),
  })
  .map(({ addresses: [src, dst], length, action, ...rest }) => {
    const decision = rest.status === 'OK' ? { action } : { action: null };
    return { ...rest, src, dst, lastMicros: rest.firstMicros + length, decision };
  }) as fc.Arbitrary<FlowInWords>;

test('parsing what was printed gives the flows back, in any format', () => {
  const names = fc.shuffledSubarray([...INTERFACE_FIELDS.map((field) => field.name), 'x-rule-id', 'x-verdict-stage'], {
    minLength: 1,
  });
  fc.assert(
    fc.property(names, fc.array(flow, { minLength: 1, maxLength: 20 }), (fields, flows) => {
      const format = parseLogFormat(formatText(fields));
      const decisions = createDecisionTable();
      const block = createTextBlock(8);
      const printer = createPrinter({
        format,
        flowLog: exampleFlowLog(SNAPSHOT),
        snapshot: SNAPSHOT,
        decisions,
        ranges: builtInRanges(),
        perInterface: false,
      });
      printer.print(batchOf(SNAPSHOT, decisions, flows), () => block);
      assert.equal(block.records, flows.length);
      const parser = createParser({ format, columns: null, origin: 'printed' });
      const batches = [...parser.push(block.bytes.subarray(0, block.length)), ...parser.end()];
      assert.deepEqual(parser.described, []);
      assert.equal(batches[0]!.rows, flows.length);
      for (const [row, one] of flows.entries()) {
        const wanted = plainly(SNAPSHOT, one);
        for (const name of fields)
          if (name in wanted) assert.equal(valueAt(batches[0]!, name, row), wanted[name], name);
      }
    }),
  );
});

test('packets and bytes are the same after merging, whatever of rule and stage is named', () => {
  const rules = ['sgr-22', 'sgr-all'].map((id) => numberOf(SNAPSHOT.rules, id));
  const rows = fc.array(
    fc.record({
      joins: fc.boolean(),
      packets: fc.nat(1000),
      bytes: fc.nat(100_000),
      rule: fc.constantFrom(...rules),
      stage: fc.constantFrom('sg-ingress' as const, 'nacl-ingress' as const),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const extra = fc.constantFrom('', ' x-rule-id', ' x-verdict-stage', ' x-verdict-stage x-rule-id');
  fc.assert(
    fc.property(rows, extra, (given, names) => {
      const flows = given.map(({ rule, stage, joins, ...rest }, i) => ({
        ...rest,
        at: 'eni-a',
        joins: joins && i > 0,
        decision: { rule, stage },
      }));
      const decisions = createDecisionTable();
      const block = createTextBlock(8);
      const format = parseLogFormat(`packets bytes${names}`);
      const printer = createPrinter({
        format,
        flowLog: exampleFlowLog(SNAPSHOT),
        snapshot: SNAPSHOT,
        decisions,
        ranges: builtInRanges(),
        perInterface: false,
      });
      printer.print(batchOf(SNAPSHOT, decisions, flows), () => block);
      const lines = new TextDecoder().decode(block.bytes.subarray(0, block.length)).split('\n').slice(0, -1);
      const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
      const parts = lines.map((line) => line.split(' '));
      assert.equal(sum(parts.map((part) => Number(part[0]))), sum(flows.map((one) => one.packets)));
      assert.equal(sum(parts.map((part) => Number(part[1]))), sum(flows.map((one) => one.bytes)));
      assert.equal(block.packets, sum(flows.map((one) => one.packets)));
      // As many records as there are groups of rows that show the same.
      const groups = flows.map((one, i) => {
        let first = i;
        while (flows[first]!.joins) first--;
        const shown = [names.includes('rule') && one.decision.rule, names.includes('stage') && one.decision.stage];
        return `${first} ${shown.join(' ')}`;
      });
      assert.equal(lines.length, new Set(groups).size);
    }),
  );
});
