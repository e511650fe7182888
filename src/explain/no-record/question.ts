/**
 * The question why there is no record, and who is asked about.
 *
 * In:    an address, interface or instance; a peer; a time. Out: the interfaces that this was then, and what their packets
 *        have in common.
 * Holds: a public address is whom an internet gateway gives it to. Of two ends of which the network has only the peer, the
 *        peer's interface is asked: records are written where an interface is.
 * Fails: FG_NO_RECORD_OF for what is none of these, FG_NO_RECORD_INSTANCE for an instance where no network is known.
 */
import { failure } from '../../model/errors.ts';
import { formatAddress, parseAddress } from '../../network/vpc/addresses.ts';
import type { Address } from '../../network/vpc/snapshot.ts';
import type { World } from '../diagnose/world.ts';
import { holdersOf, interfaceAt } from '../diagnose/world.ts';

export type NoRecordQuestion = {
  readonly of: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly peer: string | null;
  readonly protocol: number | null;
  readonly port: number | null;
};

/** One end: its interfaces by number, and its addresses as text. */
export type End = {
  readonly at: readonly number[];
  readonly ids: readonly string[];
  readonly addresses: readonly string[];
};

/** Whether more than the interface is asked about. */
export function isSpecific({ peer, protocol, port }: NoRecordQuestion): boolean {
  return peer !== null || protocol !== null || port !== null;
}

/**
 * Who an end is.
 *
 * @param world  null where no network is known: an interface is its id then, an address itself
 */
export function endOf(world: World | null, text: string): End {
  const address = parseAddress(text);
  const isInterface = /^eni-[\w-]+$/u.test(text);
  const isInstance = /^i-[\w-]+$/u.test(text);
  if (address === null && !isInterface && !isInstance) throw failure('FG_NO_RECORD_OF', text);
  if (world === null) {
    if (isInstance) throw failure('FG_NO_RECORD_INSTANCE', text);
    return { at: [], ids: isInterface ? [text] : [], addresses: address === null ? [] : [formatAddress(address)] };
  }
  const at = address === null ? numbersOf(world, text) : holding(world, address);
  const ids = at.map((number) => interfaceAt(world, number).id);
  if (address !== null) return { at, ids, addresses: [formatAddress(address)] };
  const addresses = at.flatMap((number) => interfaceAt(world, number).addresses.map(formatAddress));
  return { at, ids: isInterface ? [text] : ids, addresses };
}

function numbersOf(world: World, text: string): readonly number[] {
  const known = world.byId.get(text);
  return known === undefined ? (world.byInstance.get(text) ?? []) : [known];
}

function holding(world: World, address: Address): readonly number[] {
  const holders = holdersOf(world, address);
  if (holders.length > 0 || address.family !== 4) return holders;
  const known = world.byPublic.get(address.words[0] ?? 0);
  return known === undefined ? [] : [known.at];
}
