/**
 * What the lab is made of, from what the facts say: hosts, their devices, routes and address translation.
 *
 * In:    a snapshot, the hosts outside, what runs on whom. Out: plain data that `build.ts` makes real.
 * Holds: a host for each instance that has an interface, for each NAT gateway, and for each host outside; a pair of devices
 *        for each interface. Every packet between two hosts passes the router. It goes where the route table of its
 *        sender's subnet says: a host that no route leads to is not reached, as little as one without a public address from
 *        the internet. What has no meaning here is in `notes`.
 * Fails: never.
 */
import { formatAddress, parseAddress } from '../../network/vpc/addresses.ts';
import { createPaths } from '../../network/vpc/path.ts';
import type { Paths } from '../../network/vpc/path.ts';
import type { Address, Interface, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { OutsideHost, Served } from './scenario.ts';
import { servedOf, SERVES_TAG } from './scenario.ts';

/** One end is `device` in the router, the other `inner` in the host. */
export type Port = {
  readonly device: string;
  readonly inner: string;
  /** Null: outside of all VPCs. */
  readonly interfaceId: string | null;
  readonly mac: string | null;
  readonly addresses: readonly string[];
  /** The router's IPv4 address as this host sees it; null where it has no IPv4. */
  readonly gateway4: string | null;
};

export type Host = {
  /** Of the network namespace. */
  readonly name: string;
  /** `i-…`, the NAT gateway's interface, or the name. */
  readonly id: string;
  readonly kind: 'instance' | 'nat-gateway' | 'outside';
  readonly serves: readonly Served[];
  readonly ports: readonly Port[];
};

/** Packets from `from` to `to` leave by `device`, to the neighbour `via` where the receiver is not the next hop. */
export type LabRoute = {
  readonly from: string;
  readonly to: string;
  readonly device: string;
  readonly via: string | null;
};

/** Public addresses, and the private ones that they stand for. */
export type Translation = { readonly public4: string; readonly private4: string };

export type Plan = {
  readonly hosts: readonly Host[];
  readonly routes: readonly LabRoute[];
  readonly translations: readonly Translation[];
  /** Addresses that a device may send from; one that is absent may send from any. */
  readonly sources: readonly { readonly device: string; readonly addresses: readonly string[] }[];
  /** For people: what of the network is not in the lab. */
  readonly notes: readonly string[];
};

/** Devices of interfaces, with whose they are: a name may be another interface's some time after. */
export function tiesOf({ hosts }: Pick<Plan, 'hosts'>): Ties {
  const ports = hosts.flatMap((host) => host.ports);
  return new Map(ports.flatMap(({ device, interfaceId }) => (interfaceId === null ? [] : [[device, interfaceId]])));
}

/**
 * Devices that nothing may pass by as yet.
 *
 * @param judged  whose they were when they were seen to be judged
 */
export function heldDevices(plan: Pick<Plan, 'hosts'>, judged: Ties): ReadonlySet<string> {
  return new Set([...tiesOf(plan)].flatMap(([device, id]) => (judged.get(device) === id ? [] : [device])));
}

/** Ids of interfaces by their devices. */
export type Ties = ReadonlyMap<string, string>;

/** Bytes that a device's name may have. */
const LONGEST_DEVICE = 15;
/** Of the router, in the eyes of hosts outside. */
const OUTSIDE_GATEWAY = '100.64.0.1';

type Placed = { readonly number: number; readonly port: Port; readonly nat: boolean };

/** Plans the lab. */
export function planLab(snapshot: VpcSnapshot, outside: readonly OutsideHost[]): Plan {
  const notes: string[] = [];
  const placed: Placed[] = [];
  const hosts = [...vpcHosts(snapshot, placed, notes), ...outside.map(outsideHost)];
  const paths = createPaths(snapshot);
  const routes = [
    ...placed.flatMap((one) => routesOf(snapshot, paths, one, placed, outside, notes)),
    ...outside.flatMap((one) => routesFromOutside(snapshot, paths, one, placed, outside)),
  ];
  return {
    hosts,
    routes,
    translations: placed.flatMap(({ number }) =>
      (snapshot.interfaces[number]!.translations ?? []).map(({ private4, public4 }) => ({
        public4: formatAddress({ family: 4, words: [public4] }),
        private4: formatAddress({ family: 4, words: [private4] }),
      })),
    ),
    sources: placed
      .filter(({ number }) => snapshot.interfaces[number]!.sourceDestCheck)
      .map(({ port: { device, addresses } }) => ({ device, addresses })),
    notes: [...new Set(notes)],
  };
}

function vpcHosts(snapshot: VpcSnapshot, placed: Placed[], notes: string[]): Host[] {
  const taken = new Set<string>();
  const addresses = new Set<string>();
  const hosts = new Map<string, Host & { readonly ports: Port[] }>();
  for (const one of snapshot.interfaces.slice(1)) {
    const nat = one.kind === 'nat_gateway';
    const owner = nat ? one.id : one.instanceId;
    // One that is gone keeps its number in the snapshot, and holds no address.
    if (owner === null || one.addresses.length === 0) continue;
    const twice = one.addresses.map(formatAddress).find((address) => addresses.has(address));
    if (twice !== undefined) {
      notes.push(`${one.id} is left out: ${twice} is another interface's too, and the lab has one router`);
      continue;
    }
    let host = hosts.get(owner);
    if (host === undefined) {
      const name = freeName(nat ? 'nat' : (one.instanceTags['Name'] ?? ''), owner, taken);
      host = {
        name: nat ? name : prefixed(name),
        id: owner,
        kind: nat ? 'nat-gateway' : 'instance',
        serves: nat ? [] : servedOf(one.instanceTags[SERVES_TAG] ?? ''),
        ports: [],
      };
      hosts.set(owner, host);
    }
    const port = portOf(snapshot, one, host, taken);
    for (const address of port.addresses) addresses.add(address);
    host.ports.push(port);
    placed.push({ number: one.number, port, nat });
  }
  return [...hosts.values()];
}

const prefixed = (name: string): string => (name.startsWith('i-') ? name : `i-${name}`);
const bare = (name: string): string => name.replace(/^i-/u, '');

/** The name where it can be one and is free, else the id. `web` and `i-web` are one name. */
function freeName(name: string, id: string, taken: Set<string>): string {
  const isFree = /^[a-z\d][a-z\d-]{0,10}$/iu.test(bare(name)) && !taken.has(`eni-${bare(name)}`);
  const chosen = isFree ? name : id;
  taken.add(`eni-${bare(chosen)}`);
  return chosen;
}

function portOf(snapshot: VpcSnapshot, one: Interface, host: Host, taken: Set<string>): Port {
  const at = host.ports.length;
  const word = `eni-${bare(host.name)}${at === 0 ? '' : `-${at}`}`;
  // Its first device has the name that was kept for it; that of a further one may be another host's.
  const isFree = at === 0 || !taken.has(word);
  const device = isFree && word.length <= LONGEST_DEVICE ? word : `eni-${one.id.slice(-11)}`;
  taken.add(device);
  const block = snapshot.subnets[one.subnet]?.cidrs.find(({ family }) => family === 4);
  return {
    device,
    inner: `eth${at}`,
    interfaceId: one.id,
    mac: one.mac,
    addresses: one.addresses.map(formatAddress),
    gateway4: block === undefined ? null : formatAddress({ family: 4, words: [block.words[0]! + 1] }),
  };
}

function outsideHost(host: OutsideHost): Host {
  return {
    name: host.name,
    id: host.name,
    kind: 'outside',
    serves: servedOf(host.serves),
    ports: [
      {
        device: outsideDevice(host),
        inner: 'eth0',
        interfaceId: null,
        mac: null,
        addresses: [host.address4, host.address6],
        gateway4: OUTSIDE_GATEWAY,
      },
    ],
  };
}

const outsideDevice = ({ name }: OutsideHost): string => `out-${name}`;
const outsideAddresses = ({ address4, address6 }: OutsideHost): Address[] => [
  parseAddress(address4)!,
  parseAddress(address6)!,
];
const wordsOf = ({ words }: Address): [number, number, number, number] => [
  words[0] ?? 0,
  words[1] ?? 0,
  words[2] ?? 0,
  words[3] ?? 0,
];

function routesOf(
  snapshot: VpcSnapshot,
  paths: Paths,
  { number, port }: Placed,
  placed: readonly Placed[],
  outside: readonly OutsideHost[],
  notes: string[],
): LabRoute[] {
  const self = snapshot.interfaces[number]!;
  const found: LabRoute[] = [];
  const look = (address: Address, device: string, holder: number): void => {
    const target = paths.target(number, address.family, ...wordsOf(address));
    const to = formatAddress(address);
    if (target === null || target.kind === 'blackhole') return;
    const next = Math.floor(paths.look(number, address.family, ...wordsOf(address)) / 16);
    if (target.kind === 'nat-gateway' || target.kind === 'interface') {
      const hop = placed.find((one) => one.number === next);
      const via = hop?.port.addresses.find((one) => one.includes(':') === (address.family === 6));
      if (hop !== undefined && via !== undefined) found.push({ from: port.device, to, device: hop.port.device, via });
    } else if (isOut(target.kind)) {
      if (holder === 0 && (address.family === 6 || hasPublic(self)))
        found.push({ from: port.device, to, device, via: null });
    } else if (['local', 'peering', 'peering-inter-region'].includes(target.kind)) {
      if (holder !== 0 && next === holder) found.push({ from: port.device, to, device, via: null });
    } else notes.push(`routes to ${target.id} lead nowhere: the lab has nothing of its kind (${target.kind})`);
  };
  for (const other of placed)
    if (other.number !== number)
      for (const address of snapshot.interfaces[other.number]!.addresses)
        look(address, other.port.device, other.number);
  for (const host of outside) for (const address of outsideAddresses(host)) look(address, outsideDevice(host), 0);
  return found;
}

const isOut = (kind: string): boolean => kind === 'internet-gateway' || kind === 'egress-only-internet-gateway';
const hasPublic = ({ translations = [] }: Interface): boolean => translations.length > 0;

/** The internet reaches whom the internet is reached from: by public IPv4 addresses, translated before routing, and by IPv6. */
function routesFromOutside(
  snapshot: VpcSnapshot,
  paths: Paths,
  host: OutsideHost,
  placed: readonly Placed[],
  outside: readonly OutsideHost[],
): LabRoute[] {
  const from = outsideDevice(host);
  const own = outsideAddresses(host);
  const inside = placed.flatMap(({ number, port }) => {
    const self = snapshot.interfaces[number]!;
    return own.flatMap((address) => {
      if (paths.target(number, address.family, ...wordsOf(address))?.kind !== 'internet-gateway') return [];
      const reached =
        address.family === 6
          ? self.addresses.filter(({ family }) => family === 6)
          : (self.translations ?? []).map(({ private4 }): Address => ({ family: 4, words: [private4] }));
      return reached.map((one) => ({ from, to: formatAddress(one), device: port.device, via: null }));
    });
  });
  const others = outside
    .filter((other) => other !== host)
    .flatMap((other) =>
      [other.address4, other.address6].map((to) => ({ from, to, device: outsideDevice(other), via: null })),
    );
  return [...inside, ...others];
}
