/**
 * Every member of every answer that `import aws` takes, and which of them the model reads.
 *
 * In:    the shapes of answers, `readModel`. Out: paths such as `Vpcs[].CidrBlock`; those that are read.
 * Holds: what is read is watched, not declared: a model with all members is read, and the same with one member left out
 *        or alone in its place, so that those are seen too which are asked for where another is absent.
 */
import { CALLS } from '../src/control/import/calls.ts';
import type { Call } from '../src/control/import/calls.ts';
import type { Member, Type } from '../src/control/ec2/shapes.ts';
import { answerShape, membersIn } from '../src/control/import/answer-shapes.ts';
import { KINDS, SINGLE_KIND } from '../src/network/vpc/kinds.ts';
import { readModel } from '../src/network/vpc/model.ts';

/** The type of the items of a call's answer. */
function itemType({ service, action, kind, path = [kind] }: Call): Type {
  let type: Type = { kind: 'structure', shape: answerShape(service, action) };
  for (const member of path) {
    const list: Type = type.kind === 'list' ? type.of : type;
    const members: readonly Member[] = list.kind === 'structure' ? membersIn(service, list.shape) : [];
    type = members.find(({ name }) => name === member)?.type ?? { kind: 'text' };
  }
  return type.kind === 'list' ? type.of : type;
}

/** What a text is where any text would not do. */
const TEXTS: Readonly<Record<string, string>> = {
  IpProtocol: 'tcp',
  Protocol: '6',
  RuleAction: 'allow',
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::bucket/prefix',
  FileFormat: 'plain-text',
  Mode: 'enforce',
  InternetGatewayBlockMode: 'block-bidirectional',
  InternetGatewayExclusionMode: 'allow-egress',
  ResourceId: 'vpc-1',
  ResourceType: 'instance',
  CreationTime: '2026-11-23T12:05:00.000Z',
  MacAddress: '0a:1b:2c:3d:4e:5f',
  CidrBlockState: 'associated',
  State: 'associated',
  PeeringStatus: 'active',
  type: 'ElasticNetworkInterface',
  name: 'networkInterfaceId',
};

/** Other texts that other members are asked for with. */
const OTHER_TEXTS: readonly Readonly<Record<string, string>>[] = [{}, { Protocol: '1' }];

function textFor(name: string, other: Readonly<Record<string, string>>): string {
  const fixed = other[name] ?? TEXTS[name];
  if (fixed !== undefined) return fixed;
  if (/Ipv6.*(?:Cidr|Prefix)|CidrIpv6/.test(name)) return 'fd00::/64';
  if (/Cidr|Ipv4Prefix$/.test(name)) return '10.0.0.0/16';
  if (/Ipv6Address/.test(name)) return 'fd00::1';
  if (/IpAddress|PublicIp$|CarrierIp$/.test(name)) return '10.0.0.1';
  return `${name.toLowerCase()}-1`;
}

/** Which members an item has, and which of their texts are others. */
type Keep = { readonly has: (path: string) => boolean; readonly other: Readonly<Record<string, string>> };

/** An item with the members that are kept. */
function itemOf(service: string, type: Type, path: string, keep: Keep, name = ''): unknown {
  switch (type.kind) {
    case 'list':
      return [itemOf(service, type.of, `${path}[]`, keep, name)];
    case 'number':
      return name === 'MaxAggregationInterval' ? 60 : 1;
    case 'boolean':
      return false;
    case 'map':
      return {};
    case 'structure':
      return Object.fromEntries(
        membersIn(service, type.shape)
          .filter((member) => keep.has(`${path}.${member.name}`))
          .map((member) => [member.name, itemOf(service, member.type, `${path}.${member.name}`, keep, member.name)]),
      );
    default:
      return textFor(name, keep.other);
  }
}

function pathsOf(service: string, type: Type, path: string): string[] {
  if (type.kind === 'list') return pathsOf(service, type.of, `${path}[]`);
  if (type.kind !== 'structure') return [path];
  return membersIn(service, type.shape).flatMap((member) => pathsOf(service, member.type, `${path}.${member.name}`));
}

/** Tells of every member that is asked for. */
function watched(value: unknown, path: string, seen: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const member: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== 'string' || (Array.isArray(target) && !/^\d+$/.test(key))) return member;
      const at = Array.isArray(target) ? `${path}[]` : `${path}.${key}`;
      if (typeof member !== 'function') seen.add(at);
      return watched(member, at, seen);
    },
  });
}

const rootOf = ({ kind }: Call): string => (kind === SINGLE_KIND ? kind : `${kind}[]`);

/** Entries of managed prefix lists are an answer of their own. */
const ENTRIES = ['ManagedPrefixLists[].Entries[].Cidr', 'ManagedPrefixLists[].Entries[].Description'];

/** Members by call: the leaves, and whether the model reads them. */
export function importMembers(): ReadonlyMap<Call, readonly { readonly path: string; readonly used: boolean }[]> {
  return new Map(
    CALLS.map((call) => {
      const type = itemType(call);
      const root = rootOf(call);
      const leaves = pathsOf(call.service, type, root);
      const added = call.kind === 'ManagedPrefixLists' ? ENTRIES : [];
      const ids = new Set((KINDS.get(call.kind) ?? []).map((member) => `${root}.${member}`));
      const seen = new Set(ids);
      const read = (has: (path: string) => boolean): void => {
        for (const other of OTHER_TEXTS) {
          const keep = { has: (path: string) => ids.has(path) || has(path), other };
          const item = itemOf(call.service, type, root, keep) as Record<string, unknown>;
          if (added.length > 0) item['Entries'] = [{ Cidr: '10.0.0.0/8', Description: '' }];
          readWatched(call.kind, item, seen);
        }
      };
      const all = new Set(leaves.flatMap(prefixes).filter((path) => path.length > root.length));
      read(() => true);
      for (const path of all) {
        read((at) => at !== path);
        const place = placeOf(path);
        read((at) => at === path || placeOf(at) !== place);
      }
      const paths = [...leaves, ...added].sort();
      return [call, paths.map((path) => ({ path, used: seen.has(path) }))] as const;
    }),
  );
}

const placeOf = (path: string): string => path.slice(0, path.lastIndexOf('.'));

/** Reads a model of one item. */
function readWatched(kind: string, item: object, seen: Set<string>): void {
  const json = { [kind]: watched(kind === SINGLE_KIND ? item : [item], kind, seen) };
  try {
    readModel([{ name: 'all', json }]);
  } catch (error) {
    // Without a member that is needed nothing behind it is read; what came before has been seen.
    if (!(error instanceof Error && 'code' in error && error.code === 'FG_MODEL_VALUE')) throw error;
  }
}

/** `a[].b.c` → `a[].b`, `a[].b.c`. */
function prefixes(path: string): string[] {
  const parts = path.split('.');
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
}
