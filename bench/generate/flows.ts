/**
 * Draws the flows of a benchmark: who talks to whom, over which port, for how many packets.
 *
 * In:    a network and a seed. Out: one flow after the other, written into the same object.
 * Holds: packets to a flow are Pareto (alpha 1.15, cap 200,000); 74/23/3 % TCP, UDP, ICMP; 20 % IPv6; 30 % inside the
 *        VPC; 7 % are meant to be rejected (scans, denied sources, forbidden destinations) and have no reply.
 */
import {
  CLOSED_PORTS,
  FORBIDDEN_OUTBOUND,
  INTERFACES,
  OUTBOUND,
  REMOTES,
  SCANNERS,
  SERVES,
  denied4,
  remote4,
  remote6,
} from './network.ts';
import type { BenchNetwork } from './network.ts';
import { createRandom } from './random.ts';

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;

/** A flow as it begins; `client` opened it. */
export type Flow = {
  family: 4 | 6;
  protocol: number;
  /** Interface index, −1 for a far end. */
  client: number;
  server: number;
  /** Four words; IPv4 in the first. */
  readonly clientAddress: Uint32Array;
  readonly serverAddress: Uint32Array;
  clientPort: number;
  serverPort: number;
  packets: number;
  /** Only the client sends. */
  rejected: boolean;
};

const ALPHA = 1.15;
const LEAST = 1.15;
const CAP = 200_000;

/** @param running  true for flows that stand at the beginning: what is left of them has the length-biased distribution,
 *                   so that flows begin at the same rate from the first second to the last. */
export type DrawFlow = (running: boolean) => Flow;

/** The flows of a seed; each call overwrites what the call before gave. */
export function createFlows(network: BenchNetwork, seed: number): DrawFlow {
  const random = createRandom(seed * 2 + 2);
  const byRole = (wanted: (index: number) => boolean): number[] =>
    network.interfaces.filter((i) => wanted(i.index)).map((i) => i.index);
  const roleOf = (index: number) => network.interfaces[index]?.role ?? 'web';
  const world = byRole((index) => SERVES[roleOf(index)].world);
  const restricted = byRole((index) => network.interfaces[index]?.restricted === true);
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;

  const flow: Flow = {
    family: 4,
    protocol: TCP,
    client: -1,
    server: -1,
    clientAddress: new Uint32Array(4),
    serverAddress: new Uint32Array(4),
    clientPort: 0,
    serverPort: 0,
    packets: 1,
    rejected: false,
  };

  const own = (words: Uint32Array, index: number): number => {
    const holder = network.interfaces[index];
    if (holder === undefined) throw new Error(`no interface ${index}`);
    if (flow.family === 6) words.set(holder.address6);
    else words[0] = one(holder.addresses4);
    return index;
  };
  const far = (words: Uint32Array): number => {
    const index = Math.floor(random.unit() ** 3 * REMOTES);
    if (flow.family === 6) words.set(remote6(index, network.seed));
    else words[0] = remote4(index, network.seed);
    return -1;
  };
  const serverPort = (index: number): number => {
    const serves = SERVES[roleOf(index)];
    return flow.protocol === TCP ? one(serves.tcp) : one(serves.udp);
  };
  const otherThan = (index: number): number => (index + 1 + random.below(INTERFACES - 1)) % INTERFACES;

  const rejectedFlow = (): void => {
    flow.rejected = true;
    flow.packets = 1 + random.below(3);
    const kind = random.unit();
    flow.serverPort = one(CLOSED_PORTS);
    if (kind < 0.4 || flow.protocol === ICMP) {
      const scanner = REMOTES + random.below(SCANNERS);
      if (flow.family === 6) flow.clientAddress.set(remote6(scanner, network.seed));
      else flow.clientAddress[0] = remote4(scanner, network.seed);
      flow.client = -1;
      flow.server = own(flow.serverAddress, random.below(INTERFACES));
    } else if (kind < 0.65) {
      flow.family = 4;
      flow.clientAddress[0] = denied4(random.below(1000), network.seed);
      flow.client = -1;
      flow.server = own(flow.serverAddress, one(world));
      flow.serverPort = serverPort(flow.server);
    } else if (kind < 0.8) {
      flow.client = own(flow.clientAddress, one(restricted));
      flow.server = far(flow.serverAddress);
      flow.serverPort = one(FORBIDDEN_OUTBOUND);
    } else {
      flow.client = own(flow.clientAddress, random.below(INTERFACES));
      flow.server = own(flow.serverAddress, otherThan(flow.client));
    }
  };

  const allowedFlow = (running: boolean): void => {
    flow.rejected = false;
    flow.packets = running ? whatIsLeft(random.unit(), random.unit()) : pareto(random.unit());
    const kind = random.unit();
    if (kind < 0.32) {
      flow.client = own(flow.clientAddress, random.below(INTERFACES));
      flow.server = own(flow.serverAddress, otherThan(flow.client));
      flow.serverPort = serverPort(flow.server);
    } else if (kind < 0.73 && flow.protocol !== ICMP) {
      flow.client = far(flow.clientAddress);
      flow.server = own(flow.serverAddress, one(world));
      flow.serverPort = serverPort(flow.server);
    } else {
      flow.client = own(flow.clientAddress, random.below(INTERFACES));
      flow.server = far(flow.serverAddress);
      flow.serverPort = flow.protocol === TCP ? one(OUTBOUND.tcp) : one(OUTBOUND.udp);
    }
  };

  return (running) => {
    const share = random.unit();
    flow.protocol = share < 0.74 ? TCP : share < 0.97 ? UDP : ICMP;
    flow.family = random.unit() < 0.2 ? 6 : 4;
    if (random.unit() < 0.07) rejectedFlow();
    else allowedFlow(running);
    flow.clientPort = 32_768 + random.below(28_232);
    return flow;
  };
}

function pareto(u: number): number {
  return Math.min(CAP, Math.ceil(LEAST * u ** (-1 / ALPHA)));
}

/** Of a flow met at a random packet, what is still to come. */
function whatIsLeft(u: number, v: number): number {
  const whole = LEAST * (1 - u * (1 - (CAP / LEAST) ** (1 - ALPHA))) ** (1 / (1 - ALPHA));
  return Math.max(1, Math.ceil(v * whole));
}
