/**
 * The network whose traffic the benchmarks use: who holds which address, and which ports are meant to be open.
 *
 * In:    a seed. Out: 1,000 interfaces in 40 subnets of one VPC, and the far ends they talk to.
 * Holds: capture and model of one seed are made from the same plan, so the addresses match and most flows are allowed.
 */
import { createRandom, hash32 } from './random.ts';

export const INTERFACES = 1000;
export const SUBNETS = 40;
/** Far ends of allowed flows; few of them have most of the traffic. */
export const REMOTES = 200_000;
export const SCANNERS = 20;

export type Role = 'web' | 'app' | 'db' | 'cache' | 'dns' | 'ops';
const ROLE_OF_DIGIT: readonly Role[] = ['web', 'web', 'web', 'web', 'app', 'app', 'db', 'cache', 'dns', 'ops'];

/** The ports that a role serves; `world` are open to everybody, the others to the VPC. */
export const SERVES: Readonly<Record<Role, { tcp: readonly number[]; udp: readonly number[]; world: boolean }>> = {
  web: { tcp: [443, 80], udp: [443], world: true },
  app: { tcp: [8080, 8443, 9090], udp: [8125], world: false },
  db: { tcp: [5432, 3306], udp: [1434], world: false },
  cache: { tcp: [6379, 11211], udp: [11211], world: false },
  dns: { tcp: [53], udp: [53], world: true },
  ops: { tcp: [22, 9100], udp: [514, 161], world: false },
};
/** What every interface may ask of the world, the restricted ones too. */
export const OUTBOUND = { tcp: [443, 443, 443, 80], udp: [53, 123, 443] } as const;
/** Closed everywhere: what scanners try. */
export const CLOSED_PORTS = [23, 2323, 445, 3389, 5900, 1433, 8545, 21, 5060, 7001] as const;
/** Where restricted interfaces may not go. */
export const FORBIDDEN_OUTBOUND = [25, 6667, 4444] as const;

export type BenchInterface = {
  readonly index: number;
  readonly id: string;
  readonly mac: string;
  readonly subnet: number;
  readonly role: Role;
  /** True: its groups let out only to the VPC and to `OUTBOUND`. */
  readonly restricted: boolean;
  /** IPv4, primary first. */
  readonly addresses4: readonly number[];
  /** Four words. */
  readonly address6: readonly number[];
};

export type BenchSubnet = {
  readonly id: string;
  readonly cidr4: string;
  readonly cidr6: string;
  readonly routerMac: string;
};

export type BenchNetwork = {
  readonly seed: number;
  readonly accountId: string;
  readonly vpcId: string;
  readonly cidr4: string;
  readonly cidr6: string;
  readonly subnets: readonly BenchSubnet[];
  readonly interfaces: readonly BenchInterface[];
};

/** An AWS-like id: prefix and 17 hex digits made from what it names. */
export function idOf(prefix: string, number: number, seed: number): string {
  const digits = [5, 6, 7].map((salt) =>
    hash32(number, seed * 8 + salt + prefix.length * 64)
      .toString(16)
      .padStart(8, '0'),
  );
  return `${prefix}-0${digits.join('').slice(0, 16)}`;
}

/** Dotted text of an IPv4 address. */
export function text4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Canonical text of an IPv6 address. */
export function text6(words: readonly number[]): string {
  const groups = words.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]);
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

const FIRST_OCTETS = [3, 8, 13, 18, 23, 34, 45, 52, 54, 91, 104, 142, 151, 203] as const;
const FIRST_GROUPS = [0x26001f18, 0x2a001450, 0x26064700, 0x2a032880] as const;

/** A far end that allowed flows use. */
export function remote4(index: number, seed: number): number {
  const h = hash32(index, seed + 11);
  return (((FIRST_OCTETS[h % FIRST_OCTETS.length] ?? 3) << 24) | (h >>> 8)) >>> 0;
}

/** The same in IPv6, four words. */
export function remote6(index: number, seed: number): readonly number[] {
  const h = hash32(index, seed + 12);
  return [FIRST_GROUPS[h & 3] ?? 0, h & 0xffff, 0, hash32(index, seed + 13)];
}

/** An address of 185.0.0.0/8, which no allowed flow uses: the ACLs deny all of it. */
export function denied4(index: number, seed: number): number {
  return ((185 << 24) | (hash32(index, seed + 14) >>> 8)) >>> 0;
}

/** The network of a seed. */
export function benchNetwork(seed: number): BenchNetwork {
  const random = createRandom(seed * 2 + 1);
  const subnets = Array.from({ length: SUBNETS }, (_, at) => ({
    id: idOf('subnet', at, seed),
    cidr4: `10.20.${at * 4}.0/22`,
    cidr6: `2001:db8:20:${at.toString(16)}::/64`,
    routerMac: `0a:00:00:00:${at.toString(16).padStart(2, '0')}:01`,
  }));
  const interfaces = Array.from({ length: INTERFACES }, (_, index) => {
    const subnet = index % SUBNETS;
    const first =
      ((10 << 24) | (20 << 16) | (subnet * 1024 + 10 + Math.floor(index / SUBNETS) * 40 + random.below(30))) >>> 0;
    const tail = random.u32();
    return {
      index,
      id: idOf('eni', index, seed),
      mac: ['02', ...[24, 16, 8, 0].map((bits) => hex2((tail >>> bits) & 255)), hex2(index & 255)].join(':'),
      subnet,
      // By tens, so that every subnet has every role: `index % 10` would tie role to subnet.
      role: ROLE_OF_DIGIT[(index + Math.floor(index / SUBNETS)) % 10] ?? 'web',
      restricted: Math.floor(index / SUBNETS) % 2 === 1,
      addresses4: index % 10 === 0 ? [first, first + 1, first + 2] : [first],
      address6: [0x20010db8, (0x20 << 16) | subnet, 0, (index + 256) >>> 0],
    };
  });
  return {
    seed,
    accountId: '123456789012',
    vpcId: idOf('vpc', 0, seed),
    cidr4: '10.20.0.0/16',
    cidr6: '2001:db8:20::/56',
    subnets,
    interfaces,
  };
}

function hex2(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
