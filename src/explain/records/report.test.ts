import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RejectReport } from '../../api/rejects.ts';
import type { EntryWords, RuleWords } from '../../network/verdict/told-network.ts';
import { network, OPEN } from '../../network/verdict/told-network.ts';
import { Attribution } from './attribution.ts';
import { likeSql } from './example-conversation.ts';
import { FlowMemory } from './flow-memory.ts';
import { timeless } from './model-times.ts';
import { reportOf } from './report.ts';
import { attributed, batchesOf, modelsAt, snapshotOf } from './told-records.ts';

const SSH: RuleWords = ['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '10.0.0.0/8'];
const WEB: RuleWords = ['sgr-2', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'];
const line = (port: number, action: string, at: number, src = '198.51.100.7'): string =>
  `eni-a ${src} 10.0.1.5 40000 ${port} 6 2 100 ${at} ${at + 10} ${action} 2 ingress`;
const toB = (action: string, at: number): string =>
  `eni-b 198.51.100.7 10.0.2.5 40000 80 6 2 100 ${at} ${at + 10} ${action} 2 ingress`;
const answer = (at: number): string =>
  `eni-a2 10.0.1.6 198.51.100.7 22 40000 6 2 100 ${at} ${at + 10} REJECT 18 egress`;

function reportFor(lines: readonly string[], newSinceSeconds?: number): RejectReport {
  const times = timeless(snapshotOf(network([SSH], [[100, 'in', 'allow', '-1', -1, -1, '0.0.0.0/0']])));
  return reportOf(attributed(times, lines), times, { newSinceSeconds });
}

describe('the report of rejects', () => {
  it('begins with causes of flows that were accepted before, then with those first met late, then by records', () => {
    const many = Array.from({ length: 5 }, (_, i) => line(23, 'REJECT', 100 + i * 200));
    const { causes } = reportFor([...many, answer(800), toB('ACCEPT', 100), toB('REJECT', 300)]);
    assert.deepEqual(
      causes.map(({ interfaceId, records, newly }) => [interfaceId, records, newly?.why ?? null]),
      [
        ['eni-b', 1, 'accepted-before'],
        ['eni-a2', 1, 'first-seen'],
        ['eni-a', 5, null],
      ],
    );
    assert.deepEqual(causes[0]?.newly, {
      why: 'accepted-before',
      flows: 1,
      sinceSeconds: 300,
      acceptedUntilSeconds: 110,
    });
    assert.equal(
      reportFor([...many, answer(800)], 850).causes.some(({ newly }) => newly !== null),
      false,
    );
  });

  it('counts records, packets, bytes, peers and ports of a cause', () => {
    const { causes, records } = reportFor([
      line(23, 'REJECT', 100),
      line(23, 'REJECT', 200, '198.51.100.8'),
      line(80, 'REJECT', 300),
      line(23, 'REJECT', 400),
    ]);
    const [cause] = causes;
    assert.deepEqual(records, { rejected: 4, accepted: 0, others: 0 });
    assert.deepEqual(
      [cause?.records, cause?.packets, cause?.bytes, cause?.firstSeconds, cause?.lastSeconds],
      [4, 8, 400, 100, 410],
    );
    assert.deepEqual([cause?.peers, cause?.ports], [2, 2]);
    assert.deepEqual(cause?.topPeers, [
      { value: '198.51.100.7', records: 3 },
      { value: '198.51.100.8', records: 1 },
    ]);
    assert.deepEqual(cause?.topPorts, [
      { value: '23/6', records: 3 },
      { value: '80/6', records: 1 },
    ]);
  });

  it('tells as one what the same entry, or the same groups, reject at several interfaces', () => {
    const deny: EntryWords = [90, 'in', 'deny', '6', 23, 23, '0.0.0.0/0'];
    const base = network([SSH], [deny, ...OPEN]) as { NetworkInterfaces: object[] };
    const more = ['10.0.1.7', '10.0.1.8'].map((address, i) => ({
      NetworkInterfaceId: `eni-m${i}`,
      VpcId: 'vpc-1',
      SubnetId: 'subnet-a',
      PrivateIpAddress: address,
      Groups: [{ GroupId: i === 0 ? 'sg-a' : 'sg-b' }],
    }));
    const model = { ...base, NetworkInterfaces: [...base.NetworkInterfaces, ...more] };
    const to = (id: string, address: string, port: number): string =>
      `${id} 198.51.100.7 ${address} 40000 ${port} 6 2 100 100 110 REJECT 2 ingress`;
    const times = timeless(snapshotOf(model));
    const lines = [
      ...[23, 23, 80].map((port) => to('eni-a', '10.0.1.5', port)),
      ...[23, 80].map((port) => to('eni-m0', '10.0.1.7', port)),
      ...[23, 80].map((port) => to('eni-m1', '10.0.1.8', port)),
    ];
    const { causes } = reportOf(attributed(times, lines), times);
    assert.deepEqual(
      causes.map(({ met: [first], interfaces, interfaceId, groups, records, topInterfaces }) => [
        first?.ruleId,
        interfaces,
        interfaceId,
        groups,
        records,
        topInterfaces.map(({ value, records: own }) => `${value} ${own}`).join(),
      ]),
      [
        ['acl-a/in/90', 3, null, null, 4, 'eni-a 2,eni-m0 1,eni-m1 1'],
        ['default-deny', 2, null, ['sg-a'], 2, 'eni-a 1,eni-m0 1'],
        ['default-deny', 1, 'eni-m1', ['sg-b'], 1, 'eni-m1 1'],
      ],
    );
  });

  it('asks on from the end that opened the conversation', () => {
    const { causes } = reportFor([answer(100), line(23, 'REJECT', 100)]);
    assert.deepEqual(
      causes.map(({ next }) => next),
      [
        { from: '198.51.100.7', to: '10.0.1.6', protocol: 6, port: 22, atSeconds: 100 },
        { from: '198.51.100.7', to: '10.0.1.5', protocol: 6, port: 23, atSeconds: 100 },
      ],
    );
  });

  it('says when the newest version admits what was rejected', () => {
    const web: RuleWords = ['sgr-9', 'sg-a', 'in', 'tcp', 23, 23, '0.0.0.0/0'];
    const times = modelsAt([0, network([SSH])], [1000, network([SSH, web])]);
    const nows = [line(23, 'REJECT', 500), line(24, 'REJECT', 500), line(24, 'REJECT', 1500)].map(
      (text) => reportOf(attributed(times, [text]), times).causes[0]?.now,
    );
    assert.deepEqual(nows, ['admits', 'rejects', null]);
  });

  it('says that more flows came than are remembered, and counts their records all the same', () => {
    const times = timeless(snapshotOf(network([SSH])));
    const attribution = new Attribution(times, null, new FlowMemory(1 << 12));
    const lines = Array.from({ length: 3000 }, (_, i) => line(1000 + i, 'REJECT', 100));
    for (const batch of batchesOf(lines)) attribution.take(batch);
    const { causes, notRemembered } = reportOf(attribution, times);
    assert.deepEqual([causes[0]?.records, causes[0]?.ports, notRemembered], [3000, 2048, 952]);
  });

  it('explains as many causes as were asked for, each as of its time, and never against the records', () => {
    const times = modelsAt([0, network([SSH], OPEN)], [1000, network([SSH, WEB], OPEN)]);
    const lines = [
      line(443, 'REJECT', 500, '10.0.1.6'),
      line(443, 'REJECT', 600, '10.0.1.6'),
      line(443, 'REJECT', 1500, '10.0.1.6'),
      'eni-none 198.51.100.7 10.9.9.9 40000 443 6 2 100 500 510 REJECT 2 ingress',
    ];
    const { causes } = reportOf(attributed(times, lines), times, { explained: 2, newSinceSeconds: 5000 });
    assert.deepEqual(
      causes.map(({ why, explanation }) => [why, explanation?.outcome, explanation?.certainty, explanation?.cause]),
      [
        ['rules', 'blocked', 'certain', 'group'],
        ['admitted', 'blocked', 'not-explained', 'not-modelled'],
        ['interface-not-in-model', undefined, undefined, undefined],
      ],
    );
    const [rules, admitted] = causes.map(({ explanation }) => explanation);
    assert.equal(rules?.fixes.length, 1);
    assert.equal(rules?.atMicros, 500e6);
    assert.deepEqual(
      [admitted?.deciding, admitted?.fixes, admitted?.steps.every(({ pass }) => pass), admitted?.evidence[0]?.disagree],
      [null, [], true, 1],
    );
    const all = reportOf(attributed(times, lines), times, { explained: 3, newSinceSeconds: 5000 });
    assert.deepEqual([all.causes[2]?.explanation?.steps, all.causes[2]?.explanation?.cause], [[], 'not-modelled']);
  });
});

describe('the SQL of an example', () => {
  it('names the columns that the record has, and takes its words for values', () => {
    const example = { pktSrcaddr: null, pktDstaddr: null, protocol: 6, tcpFlags: 18, srcport: 22, dstport: 40000 };
    const record = { ...example, packets: 1, bytes: 1, startSeconds: 1, endSeconds: 1, direction: null };
    assert.equal(
      likeSql({ ...record, interfaceId: "eni-'x", srcaddr: '10.0.1.6', dstaddr: '198.51.100.7' }),
      "SELECT * FROM flow_logs WHERE action = 'REJECT' AND interface_id = 'eni-''x' AND srcaddr = '10.0.1.6' AND dstaddr = '198.51.100.7' AND protocol = 6 AND srcport = 22",
    );
    assert.equal(
      likeSql({ ...record, interfaceId: null, srcaddr: 'a', dstaddr: 'b', pktSrcaddr: 'c', protocol: null }),
      "SELECT * FROM flow_logs WHERE action = 'REJECT' AND pkt_srcaddr = 'c' AND dstaddr = 'b'",
    );
  });
});
