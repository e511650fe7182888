/**
 * What AWS never logs, as chains (rule P6): it passes, unjudged, and is counted apart.
 *
 * In:    a snapshot, the devices. Out: the chain through which every packet of an interface goes first.
 * Holds: DHCP, neighbour discovery and multicast listeners everywhere; in a VPC that hides more also DNS, metadata, time service, licences
 *        and the router, at sender or receiver. Traffic between an endpoint and a Network Load Balancer is not told apart.
 */
import type { Cidr, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { parseAddress } from '../../network/vpc/addresses.ts';
import { hostCidr } from '../../network/vpc/addresses.ts';
import type { Ties } from './kernel-source.ts';
import { addressField, disjoint, listText } from './matches.ts';
import type { Rules } from './ruleset.ts';

/** See network/verdict/never-logged.ts. */
const FIXED = [
  '169.254.169.253',
  '169.254.169.254',
  '169.254.169.123',
  '169.254.169.250',
  '169.254.169.251',
  'fd00:ec2::253',
  'fd00:ec2::254',
  'fd00:ec2::123',
].map((text) => hostCidr(parseAddress(text)!));

/** Adds the chains; the name of the first of them, which leads to `h_judge`. */
export function addHidden(snapshot: VpcSnapshot, ties: Ties, rules: Rules, counter: string): string {
  rules.chain('hide_this', [`counter name ${counter} accept`]);
  const hidden = [...ties].map(([at, device]) => ({ at, device, blocks: hiddenAt(snapshot, at) }));
  const all = hidden.flatMap(({ blocks }) => blocks);
  const looks = ([4, 6] as const).flatMap((family) => {
    const blocks = disjoint(all, family);
    if (blocks.length === 0) return [];
    return (['saddr', 'daddr'] as const).map(
      (end) => `${addressField(family, end)} ${listText(blocks)} jump hide_some`,
    );
  });
  const places = hidden.filter(({ blocks }) => blocks.length > 0);
  for (const { at, blocks } of places)
    rules.chain(
      `hide_${at}`,
      ([4, 6] as const).flatMap((family) =>
        disjoint(blocks, family).length === 0
          ? []
          : (['saddr', 'daddr'] as const).map(
              (end) => `${addressField(family, end)} ${listText(disjoint(blocks, family))} goto hide_this`,
            ),
      ),
    );
  const jumps = places.map(({ at, device }) => `"${device}" : jump hide_${at}`).join(', ');
  rules.chain('hide_some', jumps === '' ? [] : [`iifname vmap { ${jumps} }`, `oifname vmap { ${jumps} }`]);
  rules.chain('h_first', [
    'icmpv6 type { 130-137, 143 } goto hide_this',
    'udp sport 67-68 udp dport 67-68 goto hide_this',
    'udp sport 546-547 udp dport 546-547 goto hide_this',
    ...looks,
    'goto h_judge',
  ]);
  return 'h_first';
}

/** Addresses that are hidden at an interface. */
function hiddenAt({ interfaces, vpcs, subnets }: VpcSnapshot, at: number): Cidr[] {
  const one = interfaces[at]!;
  const vpc = vpcs[one.vpc];
  if (vpc?.hidesNeverLogged !== true) return [];
  const next = ({ words }: Cidr, more: number): Cidr => ({
    family: 4,
    bits: 32,
    words: [((words[0] ?? 0) + more) >>> 0],
  });
  const resolvers = vpc.cidrs.filter(({ family }) => family === 4).map((cidr) => next(cidr, 2));
  const block = subnets[one.subnet]?.cidrs.find(({ family }) => family === 4);
  return [...FIXED, ...resolvers, ...(block === undefined ? [] : [next(block, 1)])];
}
