import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinearMemory } from '../model/linear-memory.ts';
import { createDecisionTable } from '../network/verdict/decisions.ts';
import {
  batchOf,
  exampleFlowLog,
  exampleSnapshot,
  linesOf,
  numberOf,
  printed,
} from '../../test/record/example-world.ts';
import { INTERFACE_FIELDS } from './fields/list.ts';
import { DEFAULT_FORMAT, parseLogFormat } from './format.ts';
import { createPrinter } from './print.ts';
import { builtInRanges } from './service-names.ts';
import { createTextBlock } from './text-block.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import type { TextBlock } from './text-block.ts';

const AT = 1_700_000_000;

test('prints the default format as AWS does', () => {
  const lines = printed(DEFAULT_FORMAT, [
    {
      at: 'eni-a',
      src: '172.31.16.139',
      dst: '10.0.0.62',
      srcport: 20641,
      dstport: 22,
      packets: 20,
      bytes: 4249,
      firstMicros: AT * 1e6 + 999_999,
      lastMicros: (AT + 60) * 1e6,
    },
    { at: 'eni-b', direction: 'egress', src: '10.0.1.5', dst: '1.2.3.4', protocol: 1, decision: { action: 'REJECT' } },
  ]);
  assert.deepEqual(lines, [
    '2 012345678901 eni-a 172.31.16.139 10.0.0.62 20641 22 6 20 4249 1700000000 1700000060 ACCEPT OK',
    '2 012345678901 eni-b 10.0.1.5 1.2.3.4 0 0 1 1 40 1700000000 1700000000 REJECT OK',
  ]);
});

test('shows the four legs at a NAT gateway with its primary address, as the guide does', () => {
  const lines = printed('instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr', [
    { at: 'eni-nat', direction: 'ingress', src: '10.0.1.5', dst: '203.0.113.5' },
    { at: 'eni-nat', direction: 'egress', src: '10.0.0.220', dst: '203.0.113.5' },
    { at: 'eni-nat', direction: 'ingress', src: '203.0.113.5', dst: '10.0.0.220' },
    { at: 'eni-nat', direction: 'egress', src: '203.0.113.5', dst: '10.0.1.5' },
  ]);
  assert.deepEqual(lines, [
    '- eni-nat 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5',
    '- eni-nat 10.0.0.220 203.0.113.5 10.0.0.220 203.0.113.5',
    '- eni-nat 203.0.113.5 10.0.0.220 203.0.113.5 10.0.0.220',
    '- eni-nat 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5',
  ]);
});

test('shows a secondary address as the primary one, IPv6 as it is, and both as in the packet without direction', () => {
  const lines = printed('srcaddr dstaddr pkt-srcaddr pkt-dstaddr type', [
    { at: 'eni-a', src: '192.0.2.1', dst: '10.0.0.63' },
    { at: 'eni-a', direction: 'egress', src: '10.0.0.63', dst: '192.0.2.1' },
    { at: 'eni-a', src: '2001:db8::1', dst: '2001:db8::63' },
    { at: 'eni-a', direction: null, src: '192.0.2.1', dst: '10.0.0.63' },
  ]);
  assert.deepEqual(lines, [
    '192.0.2.1 10.0.0.62 192.0.2.1 10.0.0.63 IPv4',
    '10.0.0.62 192.0.2.1 10.0.0.63 192.0.2.1 IPv4',
    '2001:db8::1 2001:db8::63 2001:db8::1 2001:db8::63 IPv6',
    '192.0.2.1 10.0.0.63 192.0.2.1 10.0.0.63 IPv4',
  ]);
});

test('prints NODATA and SKIPDATA with what is known of the interface, whatever the filter', () => {
  const window = { firstMicros: AT * 1e6, lastMicros: (AT + 59) * 1e6 };
  const flows = [
    { at: 'eni-a', status: 'NODATA', ...window },
    { at: 'eni-a', status: 'SKIPDATA', lost: 7, ...window },
  ] as const;
  assert.deepEqual(printed(DEFAULT_FORMAT, flows, { traffic: 'REJECT' }), [
    '2 012345678901 eni-a - - - - - - - 1700000000 1700000059 - NODATA',
    '2 012345678901 eni-a - - - - - - - 1700000000 1700000059 - SKIPDATA',
  ]);
  const custom =
    'start vpc-id subnet-id instance-id az-id region type tcp-flags flow-direction interface-tag x-rule-id';
  assert.deepEqual(printed(custom, flows, { tagKeys: [{ kind: 'network-interface', keys: ['Name'] }] }), [
    '1700000000 vpc-1 subnet-a i-a use1-az1 us-east-1 - - - front%20door -',
    '1700000000 vpc-1 subnet-a i-a use1-az1 us-east-1 - - - front%20door -',
  ]);
});

test('counts records, packets and lost packets of a block', () => {
  const snapshot = exampleSnapshot();
  const decisions = createDecisionTable();
  const block = createTextBlock(16);
  const printer = createPrinter({
    format: parseLogFormat(DEFAULT_FORMAT),
    flowLog: exampleFlowLog(snapshot),
    snapshot,
    decisions,
    ranges: builtInRanges(),
    perInterface: false,
  });
  const flows = [
    { at: 'eni-a', packets: 5 },
    { at: 'eni-b', packets: 6 },
    { at: 'eni-b', status: 'SKIPDATA', lost: 9 },
  ] as const;
  printer.print(batchOf(snapshot, decisions, flows), () => block);
  assert.deepEqual([block.records, block.packets, block.lostPackets], [3, 11, 9]);
});

test('prints tags percent-encoded, and `-` where there is none or its value is empty', () => {
  const tagKeys: FlowLog['tagKeys'] = [
    { kind: 'instance', keys: ['Name', 'Team'] },
    { kind: 'network-interface', keys: ['Empty', 'constructor'] },
    { kind: 'auto-scaling-group', keys: ['Name'] },
  ];
  const names = 'instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2';
  assert.deepEqual(printed(names, [{ at: 'eni-a' }, { at: 'eni-b', dst: '10.0.1.5' }], { tagKeys }), [
    'my%2Dapp %C3%9Cn%C3%AF%2F%3D%3A - - - -',
    '- - - - fleet -',
  ]);
});

test('prints the way out, the interface at the other end and service names', () => {
  const names =
    'flow-direction traffic-path next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type interface-type pkt-src-aws-service pkt-dst-aws-service encryption-status';
  const lines = printed(names, [
    { at: 'eni-a', direction: 'egress', src: '10.0.0.62', dst: '10.0.1.5' },
    { at: 'eni-b', direction: 'ingress', src: '10.0.0.62', dst: '10.0.1.5' },
    { at: 'eni-a', direction: 'egress', src: '10.0.0.62', dst: '52.95.128.179' },
    { at: 'eni-nat', direction: 'ingress', src: '10.0.0.62', dst: '192.0.2.9' },
  ]);
  assert.deepEqual(lines, [
    'egress 1 eni-b subnet-b use1-az2 vpc-1 - - - - -',
    'ingress - eni-a subnet-a use1-az1 vpc-1 - - - - -',
    'egress 8 - - - - - - - S3 -',
    'ingress - eni-a subnet-a use1-az1 vpc-1 - nat_gateway - - -',
  ]);
});

test('prints encryption-status only where the VPC controls encryption and the other end is known', () => {
  const plain = exampleSnapshot();
  const vpcs = plain.vpcs.map((vpc) => ({ ...vpc, encryption: 'monitor' as const }));
  const interfaces = plain.interfaces.map((one) =>
    one.id === 'eni-nat' ? { ...one, kindWord: 'vpc_endpoint', nitro: false } : one,
  );
  const lines = printed(
    'encryption-status',
    [
      { at: 'eni-a', direction: 'egress', src: '10.0.0.62', dst: '10.0.1.5', dstport: 443 },
      { at: 'eni-a', direction: 'egress', src: '10.0.0.62', dst: '10.0.0.220', dstport: 443 },
      { at: 'eni-a', direction: 'ingress', src: '10.0.0.220', dst: '10.0.0.62', srcport: 443 },
      { at: 'eni-a', direction: 'egress', src: '10.0.0.62', dst: '10.0.0.220', dstport: 80 },
      { at: 'eni-a', direction: 'egress', src: '10.0.0.62', dst: '192.0.2.1', dstport: 443 },
      { at: 'eni-a', direction: null, src: '10.0.0.62', dst: '10.0.1.5' },
    ],
    {},
    { ...plain, vpcs, interfaces },
  );
  assert.deepEqual(lines, ['1', '2', '2', '0', '0', '-']);
});

test('prints no bytes for rejects by Block Public Access, and the reason of those that have one', () => {
  const lines = printed('packets bytes action reject-reason x-rule-id', [
    { at: 'eni-a', decision: { action: 'REJECT', rejectReason: 'BPA' } },
    { at: 'eni-a', decision: { action: 'REJECT', rejectReason: 'EC' } },
    { at: 'eni-a', decision: { action: 'REJECT' } },
  ]);
  assert.deepEqual(lines, ['1 - REJECT BPA -', '1 40 REJECT EC -', '1 40 REJECT - default-deny']);
});

test('keeps to the traffic filter and the interfaces of the flow log', () => {
  const snapshot = exampleSnapshot();
  const flows = [
    { at: 'eni-a', packets: 1 },
    { at: 'eni-a', packets: 2, decision: { action: 'REJECT' } },
    { at: 'eni-b', packets: 3 },
  ] as const;
  const onlyA = [numberOf(snapshot.interfaces, 'eni-a')];
  assert.deepEqual(printed('packets', flows, { traffic: 'ACCEPT' }), ['1', '3']);
  assert.deepEqual(printed('packets', flows, { traffic: 'REJECT' }), ['2']);
  assert.deepEqual(printed('packets', flows, { interfaces: onlyA }), ['1', '2']);
});

test('merges flows that differ only in what the format does not name of rule and stage (W6)', () => {
  const snapshot = exampleSnapshot();
  const rule22 = numberOf(snapshot.rules, 'sgr-22');
  const ruleAll = numberOf(snapshot.rules, 'sgr-all');
  const row = (packets: number, joins: boolean, decision: object) => ({
    at: 'eni-a',
    packets,
    bytes: packets * 100,
    firstMicros: (AT + packets) * 1e6,
    lastMicros: (AT + packets * 2) * 1e6,
    tcpFlags: packets,
    joins,
    decision,
  });
  const flows = [
    row(1, false, { rule: rule22 }),
    row(2, true, { rule: ruleAll }),
    row(4, true, { rule: rule22, stage: 'nacl-ingress' }),
    row(8, false, { rule: rule22 }),
  ];
  const sums = 'packets bytes start end tcp-flags';
  assert.deepEqual(printed(sums, flows), ['7 700 1700000001 1700000008 7', '8 800 1700000008 1700000016 8']);
  assert.deepEqual(printed(`${sums} x-rule-id`, flows), [
    '5 500 1700000001 1700000008 5 sgr-22',
    '2 200 1700000002 1700000004 2 sgr-all',
    '8 800 1700000008 1700000016 8 sgr-22',
  ]);
  assert.deepEqual(printed('x-verdict-stage packets', flows), ['sg-ingress 3', 'nacl-ingress 4', 'sg-ingress 8']);
  assert.deepEqual(printed('x-verdict-stage x-rule-id packets', flows), [
    'sg-ingress sgr-22 1',
    'sg-ingress sgr-all 2',
    'nacl-ingress sgr-22 4',
    'sg-ingress sgr-22 8',
  ]);
});

test('puts records into slots of five minutes by their end, one block for each interface where asked', () => {
  const snapshot = exampleSnapshot();
  const decisions = createDecisionTable();
  const blocks = new Map<string, TextBlock>();
  const printer = createPrinter({
    format: parseLogFormat('interface-id end'),
    flowLog: exampleFlowLog(snapshot),
    snapshot,
    decisions,
    ranges: builtInRanges(),
    perInterface: true,
  });
  const flows = [
    { at: 'eni-a', firstMicros: 1_699_999_500e6, lastMicros: 1_699_999_799e6 },
    { at: 'eni-a', firstMicros: 1_699_999_500e6, lastMicros: 1_699_999_800e6 },
    { at: 'eni-b', firstMicros: 1_699_999_500e6, lastMicros: 1_699_999_800e6 },
  ];
  printer.print(batchOf(snapshot, decisions, flows), (slot, number) => {
    const key = `${slot} ${snapshot.interfaces[number]!.id}`;
    const block = blocks.get(key) ?? createTextBlock();
    blocks.set(key, block);
    return block;
  });
  assert.deepEqual(
    [...blocks].map(([key, block]) => [key, linesOf(block)]),
    [
      ['1699999500 eni-a', ['eni-a 1699999799']],
      ['1699999800 eni-a', ['eni-a 1699999800']],
      ['1699999800 eni-b', ['eni-b 1699999800']],
    ],
  );
});

test('uses the names of a new snapshot from the next batch on', () => {
  const snapshot = exampleSnapshot();
  const decisions = createDecisionTable();
  const block = createTextBlock();
  const printer = createPrinter({
    format: parseLogFormat('interface-id instance-id'),
    flowLog: exampleFlowLog(snapshot),
    snapshot,
    decisions,
    ranges: builtInRanges(),
    perInterface: false,
  });
  const batch = batchOf(snapshot, decisions, [{ at: 'eni-a' }]);
  printer.print(batch, () => block);
  const interfaces = snapshot.interfaces.map((one) => ({ ...one, instanceId: 'i-new' }));
  printer.update({ ...snapshot, version: 2, interfaces });
  printer.print(batch, () => block);
  assert.deepEqual(linesOf(block), ['eni-a i-a', 'eni-a i-new']);
});

test('never breaks a line because of what a model names', () => {
  const plain = exampleSnapshot();
  const interfaces = plain.interfaces.map((one) => ({ ...one, instanceId: 'i a\nb', azId: '', subnetId: 'é' }));
  assert.deepEqual(printed('instance-id az-id subnet-id packets', [{ at: 'eni-a' }], {}, { ...plain, interfaces }), [
    'i%20a%0Ab - é 1',
  ]);
});

test('names an interface of no resource, and the resource of one that has none', () => {
  const plain = exampleSnapshot();
  const interfaces = plain.interfaces.map((one) => (one.id === 'eni-nat' ? { ...one, resourceId: 'nat-1' } : one));
  const lines = printed('interface-id resource-id', [{ at: 'eni-a' }, { at: 'eni-nat' }], {}, { ...plain, interfaces });
  assert.deepEqual(lines, ['eni-a -', '- nat-1']);
});

test('shows rule, stage and source of a decision in no field but our own, so that such decisions may share their texts', () => {
  const snapshot = exampleSnapshot();
  const rule = numberOf(snapshot.rules, 'sgr-22');
  for (const { name } of INTERFACE_FIELDS) {
    for (const action of ['ACCEPT', 'REJECT'] as const) {
      const [one, other] = printed(name, [
        { at: 'eni-a', decision: { action, rule, stage: 'sg-ingress', source: 'model' } },
        { at: 'eni-a', decision: { action, rule: 0, stage: 'closed', source: 'kernel' } },
      ]);
      assert.equal(one, other, name);
      const [alone] = printed(name, [
        { at: 'eni-a', decision: { action, rule: 0, stage: 'closed', source: 'kernel' } },
      ]);
      assert.equal(alone, other, name);
    }
  }
});

test('prints more records than a group holds, first as the loops are written and then as WebAssembly, whatever lies between them', () => {
  const flows = Array.from({ length: 3000 }, (_, i) => ({
    at: i % 5 < 3 ? 'eni-a' : 'eni-b',
    packets: i + 1,
    lost: i,
    status: i >= 200 && i % 70 === 0 ? ('NODATA' as const) : ('OK' as const),
    joins: i % 50 === 2,
    // New decisions come all the time.
    decision: { stage: 'sg-ingress' as const, rule: i % 5 < 3 ? i % 600 : 0 },
  }));
  const wanted: string[] = [];
  for (const [i, { at, packets, status, joins }] of flows.entries())
    if (joins) wanted.push(wanted.pop()!.replace(/\d+$/, String(packets + flows[i - 1]!.packets)));
    else wanted.push(`${status} ${at} ${status === 'OK' ? packets : '-'}`);
  assert.deepEqual(printed('log-status interface-id packets', flows), wanted);
});

test('prints on where there is no address space left for WebAssembly', () => {
  const flows = Array.from({ length: 1000 }, (_, i) => ({ at: 'eni-a', packets: i }));
  const wanted = flows.map(({ packets }) => String(packets));
  assert.deepEqual(printed('packets', flows), wanted);
  const taken: LinearMemory[] = [];
  assert.throws(() => {
    for (;;) taken.push(new LinearMemory(8));
  }, RangeError);
  assert.deepEqual(printed('packets', flows), wanted);
});

test('stops at a decision that nobody numbered', () => {
  const snapshot = exampleSnapshot();
  const batch = batchOf(snapshot, createDecisionTable(), [{ at: 'eni-a' }]);
  const printer = createPrinter({
    format: parseLogFormat('version'),
    flowLog: exampleFlowLog(snapshot),
    snapshot,
    decisions: createDecisionTable(),
    ranges: builtInRanges(),
    perInterface: false,
  });
  assert.throws(() => printer.print(batch, () => createTextBlock()), { code: 'FG_DECISION_UNKNOWN' });
});
