/**
 * The ends of a question: words → interfaces and addresses.
 *
 * In:    an address with or without a port, `eni-…`, `i-…`, `subnet-…`, a block, or `internet`. Out: who that is.
 * Holds: an address is whoever holds it, a public one whom the internet gateway gives it to; else it is beyond the model.
 * Fails: FG_DIAGNOSE_END for what is none of these, or names what the model does not have.
 */
import { failure } from '../../model/errors.ts';
import { contains, parseAddress, parseCidr } from '../../network/vpc/addresses.ts';
import type { Address, Cidr } from '../../network/vpc/snapshot.ts';
import type { AddressRange } from './address-range.ts';
import { rangeOf, without } from './address-range.ts';
import type { FlowEnd } from './flow.ts';
import type { World } from './world.ts';
import { holdersOf, interfaceAt } from './world.ts';

/** Who is asked about: some ends, and all addresses of some ranges. */
export type Place = {
  readonly text: string;
  readonly ends: readonly FlowEnd[];
  readonly ranges: readonly AddressRange[];
  /** The port that is written behind an address. */
  readonly port: number | null;
};

const block = (text: string): AddressRange => rangeOf(parseCidr(text)!);

/** What the internet does not carry (IANA special-purpose registries, November 2024). */
const NOT_INTERNET =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/3'
    .split(' ')
    .map(block);
const INTERNET = [...without([block('0.0.0.0/0')], NOT_INTERNET), block('2000::/3')];

/** Resolves one end. */
export function resolveEnd(world: World, option: string, text: string): Place {
  const found = resolve(world, text);
  if (found === null) throw failure('FG_DIAGNOSE_END', option, text);
  return { text, port: null, ranges: [], ends: [], ...found };
}

function resolve(world: World, text: string): Partial<Place> | null {
  if (text === 'internet') return { ranges: INTERNET };
  if (text.startsWith('eni-')) {
    const at = world.byId.get(text);
    return at === undefined ? null : { ends: endsOf(world, [at]) };
  }
  if (text.startsWith('i-')) {
    const all = world.byInstance.get(text);
    return all === undefined ? null : { ends: endsOf(world, all) };
  }
  if (text.startsWith('subnet-')) {
    const subnet = world.snapshot.subnets.find(({ id }) => id === text);
    return subnet === undefined ? null : ofBlocks(world, subnet.cidrs, subnet.number);
  }
  const cidr = parseCidr(text);
  if (cidr !== null) return ofBlocks(world, [cidr], null);
  const [, six, other, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? [
    null,
    null,
    text,
    undefined,
  ];
  const address = parseAddress(six ?? other ?? text) ?? parseAddress(text);
  const port = digits === undefined ? null : Number(digits);
  if (address === null || (port !== null && port > 65535)) return null;
  return { ends: ofAddress(world, address), port };
}

function endsOf(world: World, all: readonly number[]): FlowEnd[] {
  return all.flatMap((at) => {
    const { addresses } = interfaceAt(world, at);
    const firsts = [4, 6].map((family) => addresses.find((address) => address.family === family));
    return firsts.flatMap((address) => (address ? [{ address, at }] : []));
  });
}

function ofAddress(world: World, address: Address): FlowEnd[] {
  const holders = holdersOf(world, address);
  if (holders.length > 0) return holders.map((at) => ({ address, at }));
  const known = address.family === 4 ? world.byPublic.get(address.words[0] ?? 0) : undefined;
  return [{ address, at: known?.at ?? 0 }];
}

/** Interfaces inside blocks each for itself; of the other addresses those that may be somebody's. */
function ofBlocks(world: World, cidrs: readonly Cidr[], subnet: number | null): Partial<Place> {
  const ends = world.snapshot.interfaces.flatMap((one) =>
    one.number === 0 || (subnet !== null && one.subnet !== subnet)
      ? []
      : one.addresses
          .filter((address) => cidrs.some((cidr) => contains(cidr, address)))
          .map((address) => ({ address, at: one.number })),
  );
  const inside = world.snapshot.vpcs.flatMap(({ cidrs: own }) => own.map(rangeOf));
  const outside = without(cidrs.map(rangeOf), inside);
  return ends.length > 0 ? { ends, ranges: outside } : { ranges: outside.length > 0 ? outside : cidrs.map(rangeOf) };
}
