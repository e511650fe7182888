import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { MODEL_RULES, benchModel } from './model.ts';
import { INTERFACES, benchNetwork, text4, text6 } from './network.ts';
import { writeTraffic } from './packets.ts';
import type { TrafficOptions, TrafficSummary } from './packets.ts';

const SMALL: TrafficOptions = { packets: 20_000, seed: 7, snapLength: 0, bursty: false, seconds: 30 };

function make(options: Partial<TrafficOptions> = {}): { bytes: Buffer; summary: TrafficSummary } {
  const all = { ...SMALL, ...options };
  const chunks: Uint8Array[] = [];
  const summary = writeTraffic(benchNetwork(all.seed), all, (chunk) => chunks.push(chunk.slice()));
  return { bytes: Buffer.concat(chunks), summary };
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const noTshark = spawnSync('tshark', ['-v']).status === 0 ? false : 'tshark is not installed';

test('the same seed gives the same bytes, another seed others', () => {
  for (const bursty of [false, true]) {
    assert.equal(digest(make({ bursty }).bytes), digest(make({ bursty }).bytes));
    assert.notEqual(digest(make({ bursty }).bytes), digest(make({ bursty, seed: 8 }).bytes));
  }
});

test('the summary says what is in the file', () => {
  const { bytes, summary } = make({ snapLength: 96 });
  assert.equal(summary.fileBytes, bytes.length);
  let packets = 0;
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
    packets++;
    assert.ok(bytes.readUInt32LE(at + 8) <= Math.min(96, bytes.readUInt32LE(at + 12)));
  }
  assert.equal(packets, summary.packets);
});

test('a bursty capture has longer runs of one flow than an even one', () => {
  const meetsAgain = (bytes: Buffer): number => {
    const seen: string[] = [];
    let again = 0;
    for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
      // From the source address of IPv4 on: addresses and ports, the direction left in.
      const key = bytes.toString('latin1', at + 16 + 26, at + 16 + 38);
      if (seen.includes(key)) again++;
      seen.push(key);
      if (seen.length > 64) seen.shift();
    }
    return again;
  };
  assert.ok(meetsAgain(make({ bursty: true }).bytes) > 10 * meetsAgain(make().bytes));
});

test('tshark counts the same packets and bytes and finds every checksum right', { skip: noTshark }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'flowgauge-bench-'));
  try {
    const { bytes, summary } = make();
    const file = join(dir, 'small.pcap');
    writeFileSync(file, bytes);
    const checks = ['ip', 'tcp', 'udp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]);
    const fields = ['ip.len', 'ipv6.plen', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status'];
    const text = execFileSync(
      'tshark',
      [
        '-r',
        file,
        ...checks,
        '-T',
        'fields',
        ...[...fields, 'icmp.checksum.status', 'icmpv6.checksum.status'].flatMap((f) => ['-e', f]),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 },
    );
    let ipBytes = 0;
    const lines = text.trimEnd().split('\n');
    for (const line of lines) {
      const [v4 = '', v6 = '', ...statuses] = line.split('\t');
      ipBytes += v4 === '' ? Number(v6) + 40 : Number(v4);
      assert.deepEqual([...new Set(statuses.filter((s) => s !== ''))], ['1'], line);
    }
    assert.equal(lines.length, summary.packets);
    assert.equal(ipBytes, summary.ipBytes);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the model has 1,000 interfaces, 20,000 rules within the quotas, and the addresses of the traffic', () => {
  const network = benchNetwork(7);
  const model = benchModel(network) as Record<string, Record<string, unknown>[]>;
  assert.equal(model['NetworkInterfaces']?.length, INTERFACES);
  let rules = 0;
  for (const acl of model['NetworkAcls'] ?? []) rules += (acl['Entries'] as unknown[]).length;
  for (const group of model['SecurityGroups'] ?? []) {
    for (const side of ['IpPermissions', 'IpPermissionsEgress']) {
      let many = 0;
      for (const permission of group[side] as Record<string, unknown[]>[]) {
        for (const key of ['IpRanges', 'Ipv6Ranges', 'PrefixListIds', 'UserIdGroupPairs'])
          many += permission[key]?.length ?? 0;
      }
      assert.ok(many <= 60, `${String(group['GroupName'])} has ${many} rules`);
      rules += many;
    }
  }
  assert.equal(rules, MODEL_RULES);
  const held = new Set<string>();
  for (const one of model['NetworkInterfaces'] ?? []) {
    for (const a of one['PrivateIpAddresses'] as { PrivateIpAddress: string }[]) held.add(a.PrivateIpAddress);
    for (const a of one['Ipv6Addresses'] as { Ipv6Address: string }[]) held.add(a.Ipv6Address);
  }
  const { bytes } = make();
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
    const ip = at + 16 + 14;
    const six = bytes.readUInt8(ip) >>> 4 === 6;
    const ends = six
      ? [8, 24].map((o) => text6([0, 4, 8, 12].map((w) => bytes.readUInt32BE(ip + o + w))))
      : [12, 16].map((o) => text4(bytes.readUInt32BE(ip + o)));
    assert.ok(
      ends.some((end) => held.has(end)),
      ends.join(' '),
    );
  }
});
