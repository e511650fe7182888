/**
 * By hand (17 to 27 minutes; root): whole windows of 60 and of 600 s of a running `up`, from real packets, at every destination.
 *
 * In:    nothing. Out: what arrived where and when; exit 1 when a record is missing, double or beyond its window.
 * Holds: a ping each second; it ends six minutes after the first window of 600 s that had pings from beginning to end has closed.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packetsOf, pingsIn, startLive } from './live-destinations.ts';
import type { Line, Place } from './live-destinations.ts';
import { buildNetwork } from './namespaces.ts';

const PLACES: readonly Place[] = ['local', 'bucket', 'group', 'stream', 'slow'];
const network = buildNetwork();
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-live-'));
try {
  const live = await startLive(network, scratch);
  const pings = (place: Place): Line[] => pingsIn(live.records(place), network.a.address4, network.b.address4);
  const said = (words: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${words}`);
  // One address is rejected: the ACL entry stands before those that allow.
  const [acl] = live.ec2('describe-network-acls')['NetworkAcls'] as Record<string, string>[];
  live.ec2(
    `create-network-acl-entry --network-acl-id ${acl!['NetworkAclId']} --rule-number 50 --protocol -1 --rule-action deny --ingress --cidr-block ${network.b.address4}/32`,
  );
  const now = Math.floor(Date.now() / 1000);
  const end = (Math.floor(now / 600) + 2) * 600;
  said(`made; the whole window of 600 s ends at ${new Date(end * 1000).toISOString().slice(11, 19)}`);
  const pinging = network.start('b', ['ping', '-q', '-i', '1', network.a.address4]);
  const first = new Set<Place>();
  // What leaves the machine goes when its five minutes are two slots back: up to eleven minutes after a packet.
  for (const until = end + 385; Date.now() / 1000 < until; await pause(15_000)) {
    assert.deepEqual([pinging.exitCode, pinging.signalCode, live.up.exitCode], [null, null, null], live.text());
    for (const place of PLACES)
      if (!first.has(place) && pings(place).length > 0) {
        first.add(place);
        said(`${place}: its first records are there`);
      }
  }
  assert.deepEqual([...first].toSorted(), [...PLACES].toSorted());
  // Whole windows, ended and closed, while it runs on.
  const inWindows = (place: Place, seconds: number): Line[] =>
    pings(place).filter((record) => Math.floor(Number(record['start']) / seconds) * seconds + seconds <= end);
  for (const place of PLACES) {
    const seconds = place === 'slow' ? 600 : 60;
    const records = inWindows(place, seconds);
    for (const record of records)
      assert.equal(
        Math.floor(Number(record['start']) / seconds),
        Math.floor(Number(record['end']) / seconds),
        `${place}: a record is of one window`,
      );
    const keys = records.map((record) => JSON.stringify(record));
    assert.equal(new Set(keys).size, keys.length, `${place}: none twice`);
    said(`${place}: ${records.length} records, ${packetsOf(records)} packets`);
  }
  const packets = (place: Place, action?: string): number =>
    packetsOf(
      inWindows(place, place === 'slow' ? 600 : 60).filter((one) => action === undefined || one['action'] === action),
    );
  assert.equal(packets('stream'), packets('local'));
  assert.equal(packets('slow'), packets('local'));
  assert.equal(packets('bucket'), packets('local', 'ACCEPT'));
  assert.equal(packets('group'), packets('local', 'REJECT'));
  assert.ok(packets('group') > 0 && packets('bucket') > 0);
  // The window that was whole: a ping a second, of which each is answered, from its first second to its last.
  const whole = inWindows('slow', 600).filter((record) => Number(record['start']) >= end - 600);
  for (const { start, end: last, packets: count, action } of whole) {
    said(
      `slow, the whole window: ${action} ${count} packets, ${Number(start) - end + 600} to ${Number(last) - end + 600} s`,
    );
    assert.ok(Number(start) <= end - 598 && Number(last) >= end - 3, `${start} to ${last}`);
  }
  // On a busy machine ping sends a little less than once a second.
  assert.ok(packetsOf(whole) >= 2 * 550, `${packetsOf(whole)} packets`);
  await live.stop();
  assert.equal(packetsOf(pings('stream')), packetsOf(pings('local')));
  said('all hold the same packets, each its part; stopped well');
} finally {
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
}
