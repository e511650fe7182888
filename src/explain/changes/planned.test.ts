import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ChangeStep } from '../../api/change.ts';
import { network } from '../../network/verdict/told-network.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { Model } from '../../network/vpc/model.ts';
import { ruleText } from '../rule-changes/rule-changes.ts';
import { applyChange } from './apply.ts';
import { planned } from './planned.ts';
import { plannedCommands, plannedTerraform } from './planned-text.ts';

const MORE = {
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
      ],
    },
  ],
  ManagedPrefixLists: [{ PrefixListId: 'pl-1', Entries: [{ Cidr: '192.0.2.0/24' }] }],
};
const BEFORE: Model = readModel([
  {
    name: 'a test',
    json: network(
      [
        ['sgr-1', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
        ['sgr-2', 'sg-a', 'out', '-1', -1, -1, '0.0.0.0/0'],
        ['sgr-3', 'sg-b', 'in', 'tcp', 5432, 5432, 'sg-a'],
      ],
      undefined,
      MORE,
    ),
  },
]);

const changed = (...steps: readonly ChangeStep[]): Model =>
  applyChange(BEFORE, { name: 'a test', steps, notes: [] }).model;

/** All that decides, as texts. */
function said(model: Model): readonly string[] {
  const { rules, groups, acls, routeTables, interfaces } = compileSnapshot(model, { version: 1, atMicros: 0 });
  const of = (numbers: readonly number[]): string[] => numbers.map((number) => ruleText(rules[number]!)).sort();
  return [
    ...groups.map(({ id, ingress, egress }) => `${id}: ${of([...ingress, ...egress]).join('; ')}`),
    ...acls.map(
      ({ id, ingress, egress }) =>
        `${id}: ${[...ingress, ...egress].map((n) => `${rules[n]!.id} ${ruleText(rules[n]!)}`).join('; ')}`,
    ),
    ...routeTables.map(
      ({ id, routes }) =>
        `${id}: ${routes
          .map(({ destination, target }) => JSON.stringify([destination, target.id]))
          .sort()
          .join('; ')}`,
    ),
    ...interfaces.map(
      ({ id, groups: own }) =>
        `${id}: ${own
          .map((number) => groups[number]!.id)
          .sort()
          .join(' ')}`,
    ),
    ...[...model.prefixLists].map(([id, list]) => `${id}: ${JSON.stringify(list?.entries)}`),
  ].sort();
}

const rule = { direction: 'ingress', protocol: 'tcp', ports: '22', peer: '192.0.2.0/24' } as const;
const direction = fc.constantFrom('ingress' as const, 'egress' as const);
const protocol = fc.constantFrom('tcp', 'udp', 'all', '47');
const block = fc.constantFrom('10.0.0.0/8', '192.0.2.7/32', '0.0.0.0/0', '2001:db8::/32');
const ports = fc.constantFrom({}, { ports: '443' }, { ports: '8000-8010' });
const group = fc.constantFrom('sg-a', 'sg-b');
const STEP: fc.Arbitrary<ChangeStep> = fc.oneof(
  fc
    .record({ group, direction, protocol, ports, peer: fc.oneof(block, fc.constantFrom('sg-b', 'pl-1')) })
    .map(({ ports: some, ...words }): ChangeStep => ({ do: 'add-rule', ...words, ...some })),
  fc.constantFrom('sgr-1', 'sgr-2', 'sgr-3').map((id): ChangeStep => ({ do: 'remove-rule', rule: id })),
  fc
    .record({
      acl: fc.constantFrom('acl-a', 'acl-d'),
      direction,
      number: fc.constantFrom(90, 100, 110),
      action: fc.constantFrom('allow' as const, 'deny' as const),
      protocol,
      ports,
      cidr: block,
      do: fc.constantFrom('add-entry' as const, 'replace-entry' as const),
    })
    .map(({ ports: some, ...words }): ChangeStep => ({ ...words, ...some })),
  fc
    .record({ acl: fc.constantFrom('acl-a'), direction, number: fc.constantFrom(100, 101) })
    .map((words): ChangeStep => ({ do: 'remove-entry', ...words })),
  fc
    .record({ destination: fc.constantFrom('0.0.0.0/0', '192.168.0.0/16'), target: fc.constantFrom('nat-1', 'igw-2') })
    .map((words): ChangeStep => ({ do: 'replace-route', table: 'rtb-1', ...words })),
  fc.constant<ChangeStep>({ do: 'remove-route', table: 'rtb-1', destination: '0.0.0.0/0' }),
  block.map((cidr): ChangeStep => ({ do: 'add-prefix', list: 'pl-1', cidr })),
  fc.constant<ChangeStep>({ do: 'remove-prefix', list: 'pl-1', cidr: '192.0.2.0/24' }),
  group.map((id): ChangeStep => ({ do: 'attach-group', group: id, interface: 'eni-b' })),
  group.map((id): ChangeStep => ({ do: 'detach-group', group: id, interface: 'eni-a' })),
);

describe('a planned change', () => {
  test('leads from one network to the other, whatever steps made it', () => {
    fc.assert(
      fc.property(fc.array(STEP, { minLength: 1, maxLength: 8 }), (steps) => {
        const after = changed(...steps);
        const again = planned(BEFORE, after).map(({ step }) => step as ChangeStep);
        assert.deepEqual(said(changed(...again)), said(after));
      }),
      { numRuns: 300 },
    );
  });

  test('is nothing where nothing changes, and adds before it takes away', () => {
    assert.deepEqual(planned(BEFORE, BEFORE), []);
    assert.deepEqual(
      planned(BEFORE, changed({ do: 'remove-rule', rule: 'sgr-1' }, { do: 'add-rule', group: 'sg-a', ...rule })),
      [
        { step: { do: 'add-rule', group: 'sg-a', ...rule }, ruleId: null },
        {
          step: {
            do: 'remove-rule',
            group: 'sg-a',
            direction: 'ingress',
            protocol: 'tcp',
            ports: '443',
            peer: '0.0.0.0/0',
          },
          ruleId: 'sgr-1',
        },
      ],
    );
  });

  test('is written for aws-cli and Terraform, what goes by its id', () => {
    const steps = planned(
      BEFORE,
      changed(
        { do: 'add-rule', group: 'sg-a', ...rule },
        { do: 'add-rule', group: 'sg-a', direction: 'egress', protocol: 'icmp', ports: '8/0', peer: 'sg-b' },
        { do: 'remove-rule', rule: 'sgr-1' },
        {
          do: 'add-entry',
          acl: 'acl-a',
          direction: 'ingress',
          number: 90,
          action: 'deny',
          protocol: 'tcp',
          ports: '23',
          cidr: '0.0.0.0/0',
        },
        { do: 'remove-entry', acl: 'acl-a', direction: 'egress', number: 101 },
        { do: 'replace-route', table: 'rtb-1', destination: '0.0.0.0/0', target: 'nat-1' },
        { do: 'add-prefix', list: 'pl-1', cidr: '198.51.100.0/24' },
        { do: 'attach-group', group: 'sg-b', interface: 'eni-a' },
      ),
    );
    assert.deepEqual(plannedCommands(steps).split('\n'), [
      '#!/bin/sh -e',
      `aws ec2 authorize-security-group-ingress --group-id sg-a --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"192.0.2.0/24"}]}]'`,
      `aws ec2 authorize-security-group-egress --group-id sg-a --ip-permissions '[{"IpProtocol":"icmp","FromPort":8,"ToPort":0,"UserIdGroupPairs":[{"GroupId":"sg-b"}]}]'`,
      'aws ec2 create-network-acl-entry --network-acl-id acl-a --ingress --rule-number 90 --protocol 6 --cidr-block 0.0.0.0/0 --port-range From=23,To=23 --rule-action deny',
      'aws ec2 replace-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1',
      `aws ec2 modify-managed-prefix-list --prefix-list-id pl-1 --current-version "$(aws ec2 describe-managed-prefix-lists --prefix-list-ids pl-1 --query 'PrefixLists[0].Version' --output text)" --add-entries Cidr=198.51.100.0/24`,
      'aws ec2 modify-network-interface-attribute --network-interface-id eni-a --groups sg-a sg-b',
      'aws ec2 revoke-security-group-ingress --group-id sg-a --security-group-rule-ids sgr-1',
      'aws ec2 delete-network-acl-entry --network-acl-id acl-a --egress --rule-number 101',
      '',
    ]);
    const terraform = plannedTerraform(steps);
    assert.match(
      terraform,
      /^resource "aws_vpc_security_group_ingress_rule" "change_1" \{\n {2}security_group_id = "sg-a"\n/,
    );
    assert.match(terraform, /\n {2}referenced_security_group_id = "sg-b"\n/);
    assert.match(terraform, /resource "aws_network_acl_rule" "change_3" \{[^}]*rule_action\s+= "deny"/);
    assert.match(terraform, /resource "aws_route" "change_4" \{[^}]*nat_gateway_id\s+= "nat-1"/);
    assert.match(terraform, /\n# take away the resource of sgr-1: /);
  });

  test('quotes what is hostile for each tool', () => {
    const group = `x';$(id)#`;
    const steps = planned(
      BEFORE,
      changed(
        { do: 'add-group', group: 'a\nrm -rf /' },
        { do: 'add-group', group },
        { do: 'add-rule', ...rule, group },
      ),
    );
    const commands = plannedCommands(steps);
    for (const line of commands.split('\n').slice(1, -1)) assert.match(line, /^(?:# |aws )/u);
    assert.ok(commands.includes(`--group-id 'x'\\'';$(id)#' --ip-permissions`), commands);
    const terraform = plannedTerraform(steps);
    assert.match(terraform, /security_group_id = "x';\$\(id\)#"/u);
    assert.match(terraform, /^# "a\\nrm -rf \/" is a new group; /u);
  });
});
