import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChange } from './read-change.ts';
import type { Change } from './change.ts';

type Changed = { before?: object | null; after?: object | null; unknown?: object; actions?: string[] };

function plan(resources: Record<string, Changed>, configuration: object = {}): Change {
  const json = {
    format_version: '1.2',
    resource_changes: Object.entries(resources).map(
      ([address, { before = null, after = null, unknown = {}, actions }]) => ({
        address,
        mode: 'managed',
        type: address.split('.').at(-2),
        name: address.split('.').at(-1),
        change: {
          actions: actions ?? (before === null ? ['create'] : after === null ? ['delete'] : ['update']),
          before,
          after,
          after_unknown: unknown,
        },
      }),
    ),
    configuration: { root_module: configuration },
  };
  return readChange('plan.json', JSON.stringify(json));
}

const BLOCK = {
  from_port: 443,
  to_port: 443,
  protocol: 'tcp',
  cidr_blocks: ['10.0.0.0/8'],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
};

test('rules inside a group are replaced where they differ, those of other resources one by one', () => {
  const { steps, notes } = plan({
    'aws_security_group.web': {
      before: { id: 'sg-1', ingress: [BLOCK], egress: [] },
      after: {
        id: 'sg-1',
        ingress: [{ ...BLOCK, from_port: 8000, to_port: 8010, self: true, security_groups: ['1/sg-9'] }],
        egress: [],
      },
    },
    'aws_security_group_rule.ssh': {
      before: {
        type: 'ingress',
        security_group_id: 'sg-1',
        protocol: 'tcp',
        from_port: 22,
        to_port: 22,
        cidr_blocks: ['10.0.0.0/8', '10.9.0.0/16'],
      },
    },
    'aws_vpc_security_group_egress_rule.all': {
      after: { security_group_id: 'sg-1', ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0', from_port: null, to_port: null },
    },
    'aws_security_group.other': { before: { id: 'sg-2' }, after: { id: 'sg-2' }, actions: ['no-op'] },
  });
  assert.deepEqual(notes, []);
  assert.deepEqual(steps, [
    { do: 'remove-rule', group: 'sg-1', direction: 'ingress', protocol: 'tcp', ports: '22', peer: '10.0.0.0/8' },
    { do: 'remove-rule', group: 'sg-1', direction: 'ingress', protocol: 'tcp', ports: '22', peer: '10.9.0.0/16' },
    {
      do: 'replace-rules',
      group: 'sg-1',
      direction: 'ingress',
      rules: [
        { protocol: 'tcp', ports: '8000-8010', peer: '10.0.0.0/8' },
        { protocol: 'tcp', ports: '8000-8010', peer: 'sg-9' },
        { protocol: 'tcp', ports: '8000-8010', peer: 'sg-1' },
      ],
    },
    { do: 'add-rule', group: 'sg-1', direction: 'egress', protocol: 'all', peer: '0.0.0.0/0' },
  ]);
});

test('ACLs, routes, prefix lists and attachments', () => {
  const { steps, notes } = plan({
    'aws_network_acl.main': {
      before: { id: 'acl-1', ingress: [], egress: [] },
      after: {
        id: 'acl-1',
        ingress: [
          {
            rule_no: 100,
            action: 'allow',
            protocol: '6',
            from_port: 443,
            to_port: 443,
            cidr_block: '0.0.0.0/0',
            ipv6_cidr_block: '',
          },
        ],
        egress: [],
      },
    },
    'aws_network_acl_rule.ping': {
      before: {
        network_acl_id: 'acl-1',
        rule_number: 200,
        egress: true,
        rule_action: 'deny',
        protocol: '1',
        icmp_type: 8,
        icmp_code: -1,
        cidr_block: '0.0.0.0/0',
      },
      after: {
        network_acl_id: 'acl-1',
        rule_number: 200,
        egress: true,
        rule_action: 'allow',
        protocol: '1',
        icmp_type: 8,
        icmp_code: -1,
        cidr_block: '0.0.0.0/0',
      },
    },
    'aws_route.out': {
      before: { route_table_id: 'rtb-1', destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw-1', nat_gateway_id: '' },
    },
    'aws_route_table.t': {
      before: { id: 'rtb-2', route: [] },
      after: { id: 'rtb-2', route: [{ cidr_block: '10.0.0.0/8', transit_gateway_id: 'tgw-1', gateway_id: '' }] },
    },
    'aws_ec2_managed_prefix_list.l': {
      before: { id: 'pl-1', entry: [{ cidr: '10.0.0.0/8' }] },
      after: { id: 'pl-1', entry: [] },
    },
    'aws_ec2_managed_prefix_list_entry.e': { after: { prefix_list_id: 'pl-1', cidr: '10.1.0.0/16' } },
    'aws_network_interface_sg_attachment.a': { after: { security_group_id: 'sg-1', network_interface_id: 'eni-1' } },
  });
  assert.deepEqual(notes, []);
  assert.deepEqual(steps, [
    { do: 'remove-entry', acl: 'acl-1', direction: 'egress', number: 200 },
    { do: 'remove-route', table: 'rtb-1', destination: '0.0.0.0/0' },
    {
      do: 'replace-entries',
      acl: 'acl-1',
      direction: 'ingress',
      entries: [{ number: 100, action: 'allow', cidr: '0.0.0.0/0', protocol: '6', ports: '443' }],
    },
    {
      do: 'add-entry',
      acl: 'acl-1',
      direction: 'egress',
      number: 200,
      action: 'allow',
      cidr: '0.0.0.0/0',
      protocol: '1',
      ports: '8',
    },
    { do: 'replace-routes', table: 'rtb-2', routes: [{ destination: '10.0.0.0/8', target: 'tgw-1' }] },
    { do: 'replace-prefixes', list: 'pl-1', cidrs: [] },
    { do: 'add-prefix', list: 'pl-1', cidr: '10.1.0.0/16' },
    { do: 'attach-group', group: 'sg-1', interface: 'eni-1' },
  ]);
});

test('what is known only after the plan is applied is found by references, or noted; other resources are named', () => {
  const rule = { ip_protocol: 'tcp', from_port: 5432, to_port: 5432, cidr_ipv4: null };
  const { steps, notes } = plan(
    {
      'module.db.aws_security_group.new': {
        after: { name: 'new', vpc_id: 'vpc-1' },
        unknown: { id: true, ingress: true, egress: true },
      },
      'module.db.aws_vpc_security_group_ingress_rule.r[0]': {
        after: rule,
        unknown: { security_group_id: true, referenced_security_group_id: true },
      },
      'module.db.aws_security_group.web': { before: { id: 'sg-1' }, after: { id: 'sg-1' }, actions: ['no-op'] },
      'aws_route.x': {
        after: { route_table_id: 'rtb-1', destination_cidr_block: '0.0.0.0/0' },
        unknown: { nat_gateway_id: true },
      },
      'aws_s3_bucket.b': { after: {} },
    },
    {
      resources: [{ address: 'aws_route.x', expressions: { nat_gateway_id: { references: ['var.nat'] } } }],
      module_calls: {
        db: {
          module: {
            resources: [
              {
                address: 'aws_vpc_security_group_ingress_rule.r',
                expressions: {
                  security_group_id: { references: ['aws_security_group.new.id', 'aws_security_group.new'] },
                  referenced_security_group_id: { references: ['aws_security_group.web.id', 'aws_security_group.web'] },
                },
              },
            ],
          },
        },
      },
    },
  );
  assert.deepEqual(steps, [
    { do: 'add-group', group: 'module.db.aws_security_group.new' },
    {
      do: 'add-rule',
      group: 'module.db.aws_security_group.new',
      direction: 'ingress',
      peer: 'sg-1',
      protocol: 'tcp',
      ports: '5432',
    },
  ]);
  assert.deepEqual(notes, [
    { kind: 'value-unknown', address: 'aws_route.x', attribute: 'nat_gateway_id' },
    { kind: 'resource-left-out', address: 'aws_s3_bucket.b', type: 'aws_s3_bucket' },
  ]);
});

test('a file of another form is refused', () => {
  assert.throws(() => readChange('x.json', '{"Vpcs": []}'), { code: 'FG_CHANGE_FORM' });
  assert.throws(() => readChange('x.json', 'resource "aws'), { code: 'FG_CHANGE_NOT_JSON' });
  assert.throws(() => readChange('x.json', '{"resource_changes": [7]}'), { code: 'FG_CHANGE_VALUE' });
});

test('peers that are known only after the plan is applied are told, wherever they stand', () => {
  const { steps, notes } = plan({
    'aws_security_group.web': {
      before: { id: 'sg-1', ingress: [], egress: [] },
      after: { id: 'sg-1', ingress: [{ ...BLOCK, cidr_blocks: [null] }], egress: [] },
      unknown: { ingress: [{ cidr_blocks: [true], self: false }], egress: [] },
    },
    'aws_security_group_rule.new': {
      after: { type: 'ingress', security_group_id: 'sg-2', protocol: 'tcp', from_port: 22, to_port: 22 },
      unknown: { cidr_blocks: true },
    },
    'aws_network_acl.a': {
      before: { id: 'acl-1', ingress: [], egress: [] },
      after: { id: 'acl-1', ingress: [{ rule_no: 1, action: 'allow', protocol: '-1' }], egress: [] },
      unknown: { ingress: [{ cidr_block: true }] },
    },
    'aws_network_acl_rule.c': {
      after: {
        network_acl_id: 'acl-1',
        rule_number: 6,
        egress: false,
        protocol: '-1',
        rule_action: 'alow',
        cidr_block: '0.0.0.0/0',
      },
    },
    'aws_network_acl_rule.b': {
      after: { network_acl_id: 'acl-1', rule_number: 5, egress: false, protocol: '-1', rule_action: 'deny' },
      unknown: { cidr_block: true },
    },
    'aws_ec2_managed_prefix_list.c': {
      before: { id: 'pl-1', entry: [] },
      after: { id: 'pl-1', entry: [{ description: 'new' }] },
      unknown: { entry: [{ cidr: true }] },
    },
  });
  assert.deepEqual(
    notes.map((note) => note.kind === 'value-unknown' && `${note.address} ${note.attribute}`),
    [
      'aws_security_group.web ingress',
      'aws_security_group_rule.new cidr_blocks',
      'aws_network_acl.a ingress',
      'aws_network_acl_rule.c rule_action',
      'aws_network_acl_rule.b cidr_block',
      'aws_ec2_managed_prefix_list.c entry',
    ],
  );
  assert.equal(steps.length, 2);
});

test('what is none of the shapes of Terraform is refused, and not read as no rules', () => {
  const group = { id: 'sg-1', ingress: [BLOCK] };
  const refused = (changed: object, place: string): void => {
    const change = { actions: ['update'], before: group, after: group, ...changed };
    const json = { resource_changes: [{ address: 'aws_security_group.web', type: 'aws_security_group', change }] };
    assert.throws(
      () => readChange('plan.json', JSON.stringify(json)),
      (error: { code?: string; message: string }) =>
        error.code === 'FG_CHANGE_VALUE' && error.message.includes(`resource_changes[0].change.${place} is of another`),
      place,
    );
  };
  refused({ actions: 'update' }, 'actions');
  refused({ after: [] }, 'after');
  refused({ after: { ...group, ingress: 'x' } }, 'after.ingress');
  refused({ after: { ...group, egress: [null] } }, 'after.egress');
});
