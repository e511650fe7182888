import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCidr } from '../../network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { applyChange } from './apply.ts';
import { isOwnChange, readOwnChange } from './own-json.ts';

const MODEL = {
  Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
  Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' }],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.1.5',
      Groups: [{ GroupId: 'sg-1' }],
    },
  ],
  SecurityGroups: [
    {
      GroupId: 'sg-1',
      VpcId: 'vpc-1',
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
    },
    { GroupId: 'sg-2', VpcId: 'vpc-1' },
  ],
  SecurityGroupRules: [
    {
      SecurityGroupRuleId: 'sgr-2',
      GroupId: 'sg-2',
      IsEgress: false,
      IpProtocol: 'tcp',
      FromPort: 80,
      ToPort: 80,
      CidrIpv4: '0.0.0.0/0',
    },
  ],
  NetworkAcls: [
    {
      NetworkAclId: 'acl-1',
      VpcId: 'vpc-1',
      IsDefault: true,
      Entries: [{ RuleNumber: 100, Egress: false, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' }],
    },
  ],
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
    },
  ],
  ManagedPrefixLists: [{ PrefixListId: 'pl-1', Entries: [{ Cidr: '10.9.0.0/16' }] }],
};

function changed(...steps: object[]): { after: VpcSnapshot; before: VpcSnapshot; missing: string[] } {
  const model = readModel([{ name: 'model.json', json: MODEL }]);
  const before = compileSnapshot(model, { version: 1, atMicros: 0 });
  const applied = applyChange(model, readOwnChange('change.json', { changes: steps }));
  return {
    before,
    after: compileSnapshot(applied.model, { version: 2, atMicros: 0, before }),
    missing: applied.notes.map((note) => (note.kind === 'not-in-model' ? note.what : note.kind)),
  };
}

const rulesOf = ({ groups, rules }: VpcSnapshot, id: string): string[] => {
  const group = groups.find((one) => one.id === id)!;
  return [...group.ingress, ...group.egress].map((number) => rules[number]!.id).sort();
};

test('adds, removes and replaces rules of groups with and without rule ids, and keeps the number of one that stays', () => {
  const added = changed({
    do: 'add-rule',
    group: 'sg-1',
    direction: 'ingress',
    protocol: 'tcp',
    ports: '443',
    peer: 'sg-2',
  });
  assert.deepEqual(rulesOf(added.after, 'sg-1'), ['sg-1/in/tcp/22-22/10.0.0.0/8', 'sg-1/in/tcp/443-443/sg-2']);
  const numberOf = ({ rules }: VpcSnapshot): number =>
    rules.find(({ id }) => id === 'sg-1/in/tcp/22-22/10.0.0.0/8')!.number;
  assert.equal(numberOf(added.before), numberOf(added.after));
  const removed = changed(
    { do: 'remove-rule', group: 'sg-1', direction: 'ingress', protocol: '6', ports: 22, peer: '10.0.0.0/8' },
    { do: 'remove-rule', rule: 'sgr-2' },
  );
  assert.deepEqual([rulesOf(removed.after, 'sg-1'), rulesOf(removed.after, 'sg-2')], [[], []]);
  assert.deepEqual(removed.missing, []);
  const replaced = changed({
    do: 'replace-rules',
    group: 'sg-2',
    direction: 'ingress',
    rules: [
      { protocol: 'tcp', ports: '80', peer: '0.0.0.0/0' },
      { protocol: 'icmp', ports: '8', peer: '2001:db8::/32' },
    ],
  });
  assert.deepEqual(rulesOf(replaced.after, 'sg-2'), ['sg-2/in/icmp/8-all/2001:db8::/32', 'sgr-2']);
});

test('changes entries, routes, prefix lists and the groups of interfaces', () => {
  const { after, missing } = changed(
    {
      do: 'add-entry',
      acl: 'acl-1',
      direction: 'ingress',
      number: 50,
      action: 'deny',
      protocol: 'tcp',
      ports: '22',
      cidr: '0.0.0.0/0',
    },
    { do: 'remove-entry', acl: 'acl-1', direction: 'ingress', number: 100 },
    { do: 'replace-route', table: 'rtb-1', destination: '0.0.0.0/0', target: 'nat-1' },
    { do: 'add-prefix', list: 'pl-1', cidr: '10.8.0.1' },
    { do: 'attach-group', group: 'sg-2', interface: 'eni-1' },
    { do: 'detach-group', group: 'sg-1', interface: 'eni-1' },
    { do: 'add-rule', group: 'sg-2', direction: 'egress', protocol: 'all', peer: 'pl-1' },
  );
  assert.deepEqual(missing, []);
  const acl = after.acls.find(({ id }) => id === 'acl-1')!;
  assert.deepEqual(
    acl.ingress.map((number) => after.rules[number]!.id),
    ['acl-1/in/50', 'acl-1/in/*'],
  );
  const table = after.routeTables.find(({ id }) => id === 'rtb-1')!;
  assert.equal(table.routes.find(({ destination }) => destination.bits === 0)!.target.kind, 'nat-gateway');
  const eni = after.interfaces.find(({ id }) => id === 'eni-1')!;
  assert.deepEqual(
    eni.groups.map((number) => after.groups[number]!.id),
    ['sg-2'],
  );
  const { peer } = after.rules.find(({ id }) => id === 'sg-2/out/all/all/pl-1')!;
  assert.deepEqual(peer.kind === 'prefix-list' && peer.entries.map(formatCidr), ['10.9.0.0/16', '10.8.0.1/32']);
});

test('notes what the model does not have', () => {
  const { missing } = changed(
    { do: 'remove-rule', rule: 'sgr-9' },
    { do: 'remove-rule', group: 'sg-1', direction: 'egress', protocol: 'tcp', ports: '22', peer: '10.0.0.0/8' },
    { do: 'remove-entry', acl: 'acl-1', direction: 'egress', number: 7 },
    { do: 'add-route', table: 'rtb-9', destination: '10.0.0.0/8', target: 'tgw-1' },
    { do: 'attach-group', group: 'sg-9', interface: 'eni-1' },
  );
  assert.deepEqual(missing, ['sgr-9', 'sg-1 egress tcp 22 10.0.0.0/8', 'acl-1/out/7', 'rtb-9', 'sg-9']);
});

test('refuses words that mean nothing, with the place', () => {
  const refused = (step: unknown, path: RegExp): void =>
    assert.throws(
      () => changed(step as object),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'FG_CHANGE_VALUE');
        assert.match(error.message, path);
        return true;
      },
    );
  const rule = {
    do: 'add-rule',
    group: 'sg-1',
    direction: 'ingress',
    protocol: 'tcp',
    ports: '443',
    peer: '10.0.0.0/8',
  };
  refused({ ...rule, do: 'open' }, /changes\[0\]\.do is "open"/);
  refused({ ...rule, direction: 'in' }, /changes\[0\]\.direction/);
  refused({ ...rule, protocol: 'tpc' }, /changes\[0\]\.protocol is "tpc"/);
  refused({ ...rule, ports: '70000' }, /changes\[0\]\.ports is "70000"/);
  refused({ ...rule, ports: '90-80' }, /changes\[0\]\.ports/);
  refused({ ...rule, peer: '10.0.0.0/40' }, /changes\[0\]\.peer/);
  refused({ ...rule, pier: 1 }, /changes\[0\]\.pier/);
  refused(
    { do: 'replace-rules', group: 'sg-1', direction: 'ingress', rules: [{ protocol: 'tcp' }] },
    /rules\[0\]\.peer is absent/,
  );
  refused({ do: 'toString' }, /changes\[0\]\.do/);
  refused(7, /changes\[0\] is 7, not an object/);
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  refused(deep, /changes\[0\] is nested too deep to be shown, not an object/);
  assert.equal(isOwnChange({ resource_changes: [] }), false);
});
