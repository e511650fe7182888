/**
 * Things by their ids, as AWS refuses those that are none.
 *
 * In:    a kind and ids. Out: the items.
 * Holds: the form of an id is looked at before whether it is there.
 * Fails: `….Malformed`, `….NotFound`.
 */
import type { Resources } from './action.ts';
import { Ec2Error } from './errors.ts';
import { KIND_WORDS } from './items.ts';
import type { Items, Kind } from './items.ts';

const HEX = /^[\da-f]{1,17}$/;

/** Whether a text may be the id of a thing of this kind. */
export function isIdOf(kind: Kind, id: string): boolean {
  const { prefix } = KIND_WORDS[kind];
  return id.startsWith(prefix) && HEX.test(id.slice(prefix.length));
}

/** The error that ids are not of anything. */
export function notFound(kind: Kind, ids: readonly string[]): Ec2Error {
  const { code, noun } = KIND_WORDS[kind];
  const [first = ''] = ids;
  // As Terraform's provider knows it; it has no dot.
  if (kind === 'NatGateways') return new Ec2Error('NatGatewayNotFound', `NAT gateway ${first} was not found`);
  return ids.length === 1
    ? new Ec2Error(`${code}.NotFound`, `The ${noun} '${first}' does not exist`)
    : new Ec2Error(`${code}.NotFound`, `The ${noun}s '${ids.join(', ')}' do not exist`);
}

/** The error that an id is none of this kind. */
export function malformed(kind: Kind, id: string): Ec2Error {
  // InvalidGroup.NotFound, and InvalidGroupId.Malformed: EC2 API Reference, "Error codes", August 2026.
  const code = kind === 'SecurityGroups' ? 'InvalidGroupId' : KIND_WORDS[kind].code;
  if (kind === 'NatGateways') return new Ec2Error('NatGatewayMalformed', `NatGateway ID ${id} is invalid`);
  return new Ec2Error(`${code}.Malformed`, `Invalid id: "${id}" (expecting "${KIND_WORDS[kind].prefix}...")`);
}

/** The thing with an id. */
export function itemWithId<K extends Kind>(resources: Resources, kind: K, id: string): Items[K] {
  if (!isIdOf(kind, id)) throw malformed(kind, id);
  const item = resources.get(kind, id);
  if (item === undefined) throw notFound(kind, [id]);
  return item;
}

/** The things with these ids, in the order of ids. */
export function itemsWithIds<K extends Kind>(resources: Resources, kind: K, ids: readonly string[]): Items[K][] {
  for (const id of ids) if (!isIdOf(kind, id)) throw malformed(kind, id);
  const missing = ids.filter((id) => resources.get(kind, id) === undefined);
  if (missing.length > 0) throw notFound(kind, missing);
  return ids.map((id) => itemWithId(resources, kind, id));
}
