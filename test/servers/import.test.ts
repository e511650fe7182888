import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { statusesOf } from '../../scripts/make-import-members.ts';
import { CALLS, HELPING_CALLS } from '../../src/control/import/calls.ts';
import type { Call, Service } from '../../src/control/import/calls.ts';
import { importAws } from '../../src/control/import/import-aws.ts';
import type { Imported } from '../../src/control/import/import-aws.ts';
import type { VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { openModel } from '../../src/storage/state/open-model.ts';
import { makeAccount } from './account.ts';
import { startMoto } from './moto.ts';
import { startProxy } from './proxy.ts';
import { makeBucket, useCredentials } from './s3-place.ts';
import { directoryOf, NotHere } from './server.ts';
import type { S3Server } from './server.ts';

const REGIONS = ['eu-west-1', 'us-east-1'];
/** What moto 5.2.1 does not have. */
const NOT_THERE = [
  'ec2:DescribeVpcBlockPublicAccessOptions',
  'ec2:DescribeVpcBlockPublicAccessExclusions',
  'ec2:DescribeVpcEncryptionControls',
];
const COMMANDS: Readonly<Record<Service, string>> = {
  ec2: 'ec2',
  elasticloadbalancing: 'elbv2',
  autoscaling: 'autoscaling',
  ecs: 'ecs',
  sts: 'sts',
};

const run = promisify(execFile);
const never = new AbortController().signal;
const nameOf = ({ service, action }: Pick<Call, 'service' | 'action'>): string => `${service}:${action}`;

/** Without what differs from one import to the next. */
const compared = (snapshot: VpcSnapshot): object => ({ ...snapshot, version: 0, validFromMicros: 0 });

suite('moto, a whole account', () => {
  let server: S3Server | null = null;
  let made: Readonly<Record<string, string>> = {};
  let why = '';
  const directory = directoryOf('import');
  const answers = join(directory.path, '123456789012', 'eu-west-1');
  const fromFiles = join(directory.path, 'from-files');
  const live = join(directory.path, 'live');

  before(async () => {
    mkdirSync(answers, { recursive: true });
    try {
      server = await startMoto();
      useCredentials(server);
      await makeBucket(server, 'flow-logs');
      made = await makeAccount(server.endpoint, 'eu-west-1');
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      why = error.message;
    }
  });
  after(async () => {
    await server?.stop();
    directory.remove();
  });
  const ready = (context: TestContext): S3Server | null => {
    if (server === null) context.skip(why);
    return server;
  };

  /** Asks aws-cli; a call that this one does not know or moto does not have makes no file. */
  async function answer(
    on: S3Server,
    call: Pick<Call, 'service' | 'action'>,
    more: readonly string[] = [],
    name = 'all',
  ): Promise<void> {
    const action = call.action.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();
    const place = ['--output', 'json', '--region', 'eu-west-1', '--endpoint-url', on.endpoint];
    try {
      const { stdout } = await run('aws', [COMMANDS[call.service], action, ...more, ...place], { maxBuffer: 1 << 26 });
      if (stdout.trim() !== '') writeFileSync(join(answers, `${call.service}-${action}-${name}.json`), stdout);
    } catch (error) {
      assert.ok(NOT_THERE.includes(nameOf(call)), `${nameOf(call)}: ${String(error)}`);
    }
  }

  const importLive = async (on: S3Server, data: string, seconds: number, regions = REGIONS): Promise<Imported> =>
    importAws({ profiles: [], regions, endpoint: on.endpoint }, data, seconds * 1e6, never);

  test('what aws-cli prints imports, every member of it is on the list, and it is the model', async (t) => {
    const on = ready(t);
    if (on === null) return;
    try {
      await run('aws', ['--version']);
    } catch {
      t.skip('aws (Debian: awscli) is missing');
      return;
    }
    const calls = CALLS.filter(({ service }) => service !== 'ecs').map(({ service, action }) => ({ service, action }));
    for (let i = 0; i < calls.length; i += 3) await Promise.all(calls.slice(i, i + 3).map((call) => answer(on, call)));
    const lists = JSON.parse(readFileSync(join(answers, 'ec2-describe-managed-prefix-lists-all.json'), 'utf8')) as {
      PrefixLists: { PrefixListId: string }[];
    };
    for (const { PrefixListId } of lists.PrefixLists)
      await answer(on, HELPING_CALLS[1]!, ['--prefix-list-id', PrefixListId], PrefixListId);
    const from = { paths: [directory.path], atMicros: 100e6, whole: true };
    const done = await importAws(from, fromFiles, 101e6, never);
    assert.deepEqual(done.strange, []);
    assert.deepEqual(
      [...new Set(done.recorded.map(({ account, region }) => `${account} ${region}`))],
      ['123456789012 eu-west-1'],
    );
    assert.ok(done.files > 20);
    const known = statusesOf(readFileSync(join(import.meta.dirname, '../../docs/import-members.md'), 'utf8'));
    assert.deepEqual(
      membersIn(await factsOf(fromFiles)).filter((path) => !isKnown(known, path)),
      [],
    );
    const files = await openModel({ vpc: answers });
    assert.ok(files.interfaces.length > 5);
    const idsOf = ({ vpcs, interfaces, rules }: VpcSnapshot): string[] =>
      [...vpcs, ...interfaces, ...rules].map(({ id }) => id).sort();
    assert.deepEqual(idsOf(await openModel({ data: fromFiles })), idsOf(files));
  });

  test('asked live the account gives the model that aws-cli’s answers give', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const { refused, recorded } = await importLive(on, live, 200);
    assert.deepEqual([...new Set(refused.map(({ call }) => call))].sort(), NOT_THERE.toSorted());
    const count = (kind: string): number =>
      recorded.find((one) => one.kind === kind && one.region === 'eu-west-1')?.added ?? -1;
    assert.equal(count('TransitGatewayVpcAttachments'), 1);
    assert.equal(count('NatGateways'), 1);
    assert.equal(count('AutoScalingGroups'), 1);
    assert.equal(count('LoadBalancers'), 1);
    const snapshot = await openModel({ data: live });
    // Interfaces were made that nobody uses.
    assert.deepEqual(
      snapshot.notUnderstood.filter((line) => !/^eni-\w+: its status is available, attached to nothing;/.test(line)),
      [],
    );
    const files = await openModel({ data: fromFiles }).catch(() => null);
    if (files === null) {
      t.diagnostic('not compared with aws-cli, which is missing');
      return;
    }
    const one = join(directory.path, 'one-region');
    await importLive(on, one, 200, ['eu-west-1']);
    assert.deepEqual(compared(await openModel({ data: one })), compared(files));
  });

  test('the model has the routes, references and entries that were made', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const { rules, groups, routeTables, subnets, interfaces, flowLogs, acls } = await openModel({ data: live });
    const kinds = routeTables
      .find(({ id }) => id === made['rtb'])
      ?.routes.map(({ target }) => target.kind)
      .sort();
    assert.deepEqual(
      [...new Set(kinds)],
      [
        'egress-only-internet-gateway',
        'gateway-endpoint',
        'internet-gateway',
        'local',
        'nat-gateway',
        'peering',
        'transit-gateway',
      ],
    );
    const table = subnets.find(({ id }) => id === made['subnetA2'])?.routeTable ?? 0;
    assert.equal(routeTables[table]?.id, made['rtb']);
    const peers = (group: string): string[] =>
      (groups.find(({ id }) => id === made[group])?.ingress ?? []).map((number) => {
        const { peer } = rules[number]!;
        if (peer.kind === 'group') return `${peer.id} of ${peer.members.length}`;
        return peer.kind === 'prefix-list' ? `${peer.id} with ${peer.entries.length}` : `/${peer.cidr.bits}`;
      });
    assert.ok(peers('web').includes(`${made['list']} with 2`));
    assert.ok(/^sg-\w+ of [1-9]/.test(peers('data')[0] ?? ''));
    const own = interfaces.find(({ id }) => id === made['eni']);
    assert.deepEqual([own?.primary4, own?.region], [0x0a010063, 'eu-west-1']);
    assert.equal(flowLogs[0]?.resourceId, made['vpcA']);
    const entries = acls.find(({ id }) => id === made['acl'])?.ingress.map((number) => rules[number]?.id);
    assert.deepEqual(entries, [`${made['acl']}/in/100`, `${made['acl']}/in/*`]);
  });

  test('asked again nothing is new, and a change that was made since is', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const again = await importLive(on, live, 300);
    assert.deepEqual(
      again.recorded.filter(({ added, changed, ended }) => added + changed + ended > 0).map(({ kind }) => kind),
      [],
    );
    const ec2 = await import('@aws-sdk/client-ec2');
    const client = new ec2.EC2Client({ region: 'eu-west-1', endpoint: on.endpoint });
    await client.send(
      new ec2.RevokeSecurityGroupIngressCommand({
        GroupId: made['web']!,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: made['list']! }] },
        ],
      }),
    );
    await client.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId: made['eni']! }));
    client.destroy();
    const { recorded } = await importLive(on, live, 400);
    const told = recorded
      .filter(({ added, changed, ended }) => added + changed + ended > 0)
      .map(({ kind, added, changed, ended }) => `${kind} ${added} ${changed} ${ended}`);
    assert.deepEqual(told, ['NetworkInterfaces 0 0 1', 'SecurityGroups 0 1 0', 'SecurityGroupRules 0 0 1']);
    const has = async (seconds: number): Promise<boolean> =>
      (await openModel({ data: live, at: seconds * 1e6 })).interfaces.some(({ id }) => id === made['eni']);
    assert.deepEqual([await has(399), await has(400)], [true, false]);
  });

  test('a server that says no to everything, or is not there, leaves the data directory as it was', async (t) => {
    const on = ready(t);
    if (on === null) return;
    const proxy = await startProxy(on.endpoint);
    await proxy.stop();
    const asked = importAws(
      { profiles: [], regions: ['eu-west-1'], endpoint: proxy.endpoint },
      join(directory.path, 'nothing'),
      500e6,
      never,
      { pause: () => Promise.resolve() },
    );
    await assert.rejects(asked, { code: 'FG_AWS_UNREACHABLE' });
    await assert.rejects(openModel({ data: join(directory.path, 'nothing') }), { code: 'FG_STATE_MISSING' });
  });
});

/** All that is kept. */
async function factsOf(data: string): Promise<object> {
  const [{ readState, statePath }, { factsAt }] = await Promise.all([
    import('../../src/storage/state/state-file.ts'),
    import('../../src/storage/state/facts-at.ts'),
  ]);
  const state = readState(statePath(data));
  const { model } = factsAt(state, { atMicros: Infinity, knownAtMicros: Infinity });
  state.close();
  return model;
}

/** Paths of the leaves of JSON. */
function membersIn(json: object): string[] {
  const found = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, `${path}[]`);
    else if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) walk(member, path === '' ? key : `${path}.${key}`);
    else found.add(path);
  };
  walk(json, '');
  return [...found].sort();
}

/** Maps have members of any name. */
const isKnown = (known: ReadonlyMap<string, string>, path: string): boolean =>
  known.has(path) || known.has(path.slice(0, path.lastIndexOf('.')));
