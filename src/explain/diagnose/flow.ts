/**
 * A conversation that is asked about: its two ends, and what it looks like to rules on the way there and back.
 */
import type { PortRange } from '../../api/explanation.ts';
import type { Address } from '../../network/vpc/snapshot.ts';

/** Ports that Linux takes for a client (net.ipv4.ip_local_port_range), and what a NAT gateway takes (VPC User Guide). */
export const LINUX_PORTS: PortRange = [32768, 60999];
export const ALL_CLIENT_PORTS: PortRange = [1024, 65535];

/** An address, and the interface of the model that holds it; 0 beyond the model. */
export type FlowEnd = { readonly address: Address; readonly at: number };

export type Flow = {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly protocol: number;
  /** Null where the protocol has no ports. */
  readonly port: number | null;
  readonly sourcePorts: PortRange | null;
};

/** How two neighbours on a path are joined. */
export type Link = 'local' | 'peering' | 'transit' | 'internet' | 'egress-only' | 'gateway' | 'appliance' | 'service';

/** Addresses and ports of the request on one stretch of the way. */
export type Stretch = {
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePorts: PortRange | null;
};

/** An interface that the request passes. */
export type Hop = {
  readonly at: number;
  readonly entered: Stretch | null;
  readonly left: Stretch | null;
  /** How it came here; null where it begins here. */
  readonly cameBy: Link | null;
  /** The interface it came from; 0 beyond the model. */
  readonly cameFrom: number;
};

const ICMP = 1;
const ICMP6 = 58;

/** Type << 8 | code of what rules are asked about: an echo request, and its reply; null for what is no ICMP. */
export function icmpOf(protocol: number, leg: 'request' | 'reply'): number | null {
  if (protocol === ICMP) return leg === 'request' ? 8 << 8 : 0;
  if (protocol === ICMP6) return leg === 'request' ? 128 << 8 : 129 << 8;
  return null;
}
