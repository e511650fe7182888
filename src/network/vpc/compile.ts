/**
 * Facts that name each other by id → a snapshot that names them by number.
 *
 * In:    a model. Out: a frozen snapshot.
 * Holds: interfaces, rules, groups, ACLs, subnets, VPCs and route tables keep the numbers of the snapshot before.
 *        An interface that is gone keeps its entry, so that its last flows can be printed, and holds no address.
 */
import { compileFlowLogs } from './compile-flow-logs.ts';
import { compileInterfaces } from './compile-interfaces.ts';
import { compileRouteTables } from './compile-routes.ts';
import { compileAcls, compileGroups } from './compile-rules.ts';
import type { CompileOptions, Model } from './model.ts';
import { ofArn, regionOfZone } from './networks.ts';
import type { Listed, Numbered } from './numbers.ts';
import { createListed, createNumbered } from './numbers.ts';
import type { BlockMode } from './public-access.ts';
import { blockModeOf } from './public-access.ts';
import type { Acl, Group, Interface, RouteTable, Rule, Subnet, Vpc, VpcSnapshot } from './snapshot.ts';

const DEFAULT_ACCOUNT = '000000000000';
const DEFAULT_REGION = 'us-east-1';

/** What the parts of the compiler share. */
export type Compilation = {
  readonly model: Model;
  readonly options: CompileOptions;
  readonly interfaces: Numbered<Interface>;
  readonly rules: Listed<Rule>;
  readonly groups: Numbered<Group>;
  readonly acls: Numbered<Acl>;
  readonly subnets: Numbered<Subnet>;
  readonly vpcs: Numbered<Vpc>;
  readonly routeTables: Numbered<RouteTable>;
  /** Adds a line to `notUnderstood`, once. */
  note(text: string): void;
};

function begin(model: Model, options: CompileOptions, notes: Set<string>): Compilation {
  const { before } = options;
  const rule = { kind: 'cidr', cidr: { family: 4, words: [0], bits: 0 } } as const;
  return {
    model,
    options,
    interfaces: createNumbered(before?.interfaces, {
      number: 0,
      id: '',
      accountId: DEFAULT_ACCOUNT,
      region: DEFAULT_REGION,
      vpcId: null,
      subnetId: null,
      vpc: 0,
      subnet: 0,
      instanceId: null,
      azId: null,
      sublocationType: null,
      sublocationId: null,
      kind: 'interface',
      kindWord: null,
      resourceId: null,
      primary4: null,
      addresses: [],
      prefixes: [],
      mac: null,
      groups: [],
      sourceDestCheck: true,
      nitro: true,
      interfaceTags: {},
      instanceTags: {},
      asgTags: null,
      ecs: null,
    }),
    rules: createListed<Rule>(before?.rules, {
      number: 0,
      id: '',
      direction: 'ingress',
      allow: false,
      order: 0,
      protocol: -1,
      fromPort: 0,
      toPort: 65535,
      icmpType: -1,
      icmpCode: -1,
      peer: rule,
    }),
    groups: createNumbered(before?.groups, { number: 0, id: '', vpcId: '', known: false, ingress: [], egress: [] }),
    acls: createNumbered(before?.acls, { number: 0, id: '', known: false, ingress: [], egress: [] }),
    subnets: createNumbered(before?.subnets, {
      number: 0,
      id: '',
      vpc: 0,
      cidrs: [],
      azId: null,
      acl: 0,
      routeTable: 0,
    }),
    vpcs: createNumbered(before?.vpcs, {
      number: 0,
      id: '',
      accountId: DEFAULT_ACCOUNT,
      region: DEFAULT_REGION,
      cidrs: [],
      encryption: null,
      hidesNeverLogged: options.hidesNeverLogged ?? true,
    }),
    routeTables: createNumbered(before?.routeTables, { number: 0, id: '', routes: [] }),
    note: (text) => notes.add(text),
  };
}

function compileVpcs(c: Compilation): void {
  const { model } = c;
  const regions = new Map<string, string>();
  const learn = (vpcId: string | null, region: string | null): void => {
    if (vpcId !== null && region !== null && !regions.has(vpcId)) regions.set(vpcId, region);
  };
  for (const subnet of model.subnets.values()) {
    learn(subnet.vpcId, subnet.zone && regionOfZone(subnet.zone));
    learn(subnet.vpcId, subnet.arn && ofArn(subnet.arn).region);
  }
  for (const one of model.interfaces.values()) learn(one.vpcId, one.zone && regionOfZone(one.zone));
  const named = [...model.subnets.values(), ...model.interfaces.values()].map((one) => one.vpcId);
  for (const id of new Set([...model.vpcs.keys(), ...named.filter((vpcId) => vpcId !== null)])) {
    const fact = model.vpcs.get(id);
    const encryption = [...model.encryption.values()].find((one) => one.vpcId === id) ?? fact?.encryption;
    if (!fact) c.note(`${id}: named and not given; its address blocks are not known`);
    if (encryption?.mode === 'enforce')
      c.note(
        `${id}: enforced encryption is judged by what a packet is routed to and by the instance types; services' own exceptions are not known`,
      );
    c.vpcs.set({
      number: c.vpcs.numberOf(id),
      id,
      accountId: fact?.ownerId ?? DEFAULT_ACCOUNT,
      region: regions.get(id) ?? model.blocks[0]?.region ?? DEFAULT_REGION,
      cidrs: fact?.cidrs ?? [],
      encryption: encryption?.mode ?? null,
      encryptionExclusions: encryption?.exclusions ?? [],
      hidesNeverLogged: c.options.hidesNeverLogged ?? true,
    });
  }
}

function compileSubnets(c: Compilation): void {
  const { model } = c;
  const tables = [...model.routeTables.values()];
  const acls = [...model.acls.values()];
  const named = new Map([...model.interfaces.values()].map((one) => [one.subnetId, one.vpcId]));
  for (const id of new Set([...model.subnets.keys(), ...[...named.keys()].filter((subnetId) => subnetId !== null)])) {
    const fact = model.subnets.get(id);
    const vpcId = fact?.vpcId ?? named.get(id) ?? '';
    if (!fact) c.note(`${id}: named and not given; its address blocks are not known`);
    const acl =
      acls.find((one) => one.subnetIds.includes(id)) ?? acls.find((one) => one.isDefault && one.vpcId === vpcId);
    const table =
      tables.find((one) => one.subnetIds.includes(id)) ?? tables.find((one) => one.isMain && one.vpcId === vpcId);
    if (!acl)
      c.note(`${id}: its network ACL is not given, nor is the default one of ${vpcId || 'its VPC'}; all passes`);
    c.subnets.set({
      number: c.subnets.numberOf(id),
      id,
      vpc: c.vpcs.find(vpcId),
      cidrs: fact?.cidrs ?? [],
      azId: fact?.zoneId ?? null,
      acl: acl ? c.acls.find(acl.id) : 0,
      routeTable: c.routeTables.find(table?.id ?? `local ${vpcId}`),
    });
  }
}

function freeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    // Lists of words and numbers hold nothing to freeze.
    if (typeof list[0] !== 'number')
      for (const member of list) if (typeof member === 'object' && member !== null) freeze(member);
  } else
    for (const key in value) {
      const member: unknown = value[key];
      if (typeof member === 'object' && member !== null) freeze(member);
    }
  return value;
}

/** The mode of Block Public Access for a subnet: by the options of its account, or as it or its VPC says where none are given. */
function blockOf(c: Compilation, subnet: Subnet): BlockMode | null {
  const { model } = c;
  const { id = '', region = DEFAULT_REGION } = c.vpcs.list[subnet.vpc] ?? {};
  const vpc = model.vpcs.get(id);
  const told = model.subnets.get(subnet.id)?.toldBlock ?? vpc?.toldBlock ?? null;
  const toldMode = told === 'off' ? null : told;
  if (model.blocks.length === 0) return toldMode;
  const place = { id, accountId: vpc?.ownerId ?? null, region };
  const mode = blockModeOf(model.blocks, model.exclusions, subnet.id, place);
  if (told !== null && toldMode !== mode)
    c.note(
      `${subnet.id}, internet: it says of itself ${told} (BlockPublicAccessStates); options and exclusions make it ${mode ?? 'off'}, which is taken`,
    );
  return mode;
}

/** Resolves the facts of a model. */
export function compileFacts(model: Model, options: CompileOptions): VpcSnapshot {
  const notes = new Set(model.notUnderstood);
  const c = begin(model, options, notes);
  for (const id of model.interfaces.keys()) c.interfaces.numberOf(id);
  compileVpcs(c);
  compileGroups(c);
  compileAcls(c);
  compileRouteTables(c);
  compileSubnets(c);
  compileInterfaces(c);
  const blockPublicAccess = c.subnets.list.flatMap((subnet) => {
    const mode = subnet.number > 0 ? blockOf(c, subnet) : null;
    return mode === null ? [] : [{ subnet: subnet.number, mode }];
  });
  return freeze({
    version: options.version,
    validFromMicros: options.atMicros,
    interfaces: c.interfaces.list,
    rules: c.rules.list,
    groups: c.groups.list,
    acls: c.acls.list,
    subnets: c.subnets.list,
    vpcs: c.vpcs.list,
    routeTables: c.routeTables.list,
    flowLogs: compileFlowLogs(c),
    blockPublicAccess,
    peerings: [...model.peerings.values()]
      .filter((one) => one.active)
      .map(({ id, ends }) => ({ id, ends: ends.map((end) => ({ ...end, vpc: c.vpcs.find(end.vpcId) })) })),
    notUnderstood: [...notes],
  });
}
