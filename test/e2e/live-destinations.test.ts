/**
 * Flow logs to a bucket of the host, to S3, a log group and a stream, made by aws-cli over one interface: real packets are in each, each
 * its part. The windows are closed by the end of `up`; `live-windows.ts` waits for whole ones.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packetsOf, pingsIn, startLive } from './live-destinations.ts';
import type { Line, Place } from './live-destinations.ts';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const missing = namespacesMissing(['tcpdump', 'ping', 'aws', 'ss']);
let network: Network;
let scratch = '';
before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-destinations-'));
  network = buildNetwork();
});
after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

test(
  'flow logs to every kind of destination over one interface each hold their part of the packets, and no more',
  { skip: missing ?? false, timeout: 170_000 },
  async () => {
    const live = await startLive(network, scratch);
    const ping = (): string => network.run('b', ['ping', '-q', '-c', '30', '-i', '0.05', network.a.address4]);
    ping();
    const [acl] = live.ec2('describe-network-acls')['NetworkAcls'] as Record<string, string>[];
    // Nothing is enforced: what is rejected from here on is answered all the same.
    live.ec2(
      `create-network-acl-entry --network-acl-id ${acl!['NetworkAclId']} --rule-number 50 --protocol -1 --rule-action deny --ingress --cidr-block ${network.b.address4}/32`,
    );
    ping();
    const told = live.ec2('describe-flow-logs')['FlowLogs'] as Record<string, unknown>[];
    assert.deepEqual(
      told.map((one) => one['DeliverLogsStatus']),
      Array.from({ length: 6 }, () => 'SUCCESS'),
    );
    // One was made without: it has the default.
    assert.deepEqual(
      told.map((one) => Number(one['MaxAggregationInterval'])).toSorted((x, y) => x - y),
      [60, 60, 60, 60, 60, 600],
    );
    await live.stop();

    const pings = (place: Place): Line[] => pingsIn(live.records(place), network.a.address4, network.b.address4);
    const local = pings('local');
    assert.equal(packetsOf(local), 120, 'requests and replies');
    const withAction = (action: string): Line[] => local.filter((one) => one['action'] === action);
    const rejected = packetsOf(withAction('REJECT'));
    assert.ok(rejected > 0 && rejected <= 30, `${rejected} rejected`);
    for (const place of ['stream', 'slow'] as const) assert.equal(packetsOf(pings(place)), 120, place);
    const accepted = pings('bucket');
    assert.ok(accepted.every((one) => one['action'] === 'ACCEPT'));
    assert.equal(packetsOf(accepted), 120 - rejected);
    assert.deepEqual(new Set(accepted.map((one) => one['flow-direction'])), new Set(['ingress', 'egress']));
    const refused = pings('group');
    assert.ok(refused.every((one) => one['action'] === 'REJECT' && one['vpc-id']!.startsWith('vpc-')));
    assert.equal(packetsOf(refused), rejected);
  },
);
