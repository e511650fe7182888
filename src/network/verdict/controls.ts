/**
 * What VPC Block Public Access and encryption controls stop (rule V1).
 *
 * In:    an interface, a direction, a remote address. Out: nothing, or why the packet is stopped.
 * Holds: asked before groups and ACLs. Internet traffic is what the subnet's routes lead to an internet gateway or an
 *        egress-only one. block-bidirectional stops it both ways; block-ingress lets it pass at NAT gateways and through
 *        egress-only gateways alone (VPC User Guide, "Block public access", November 2024). Enforced encryption stops
 *        what leaves to gateways and peers without an exclusion, and what an interface before Nitro takes part in.
 */
import type { Paths } from '../vpc/path.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import { DENY_BPA, DENY_EC } from './decision-numbers.ts';

const BIDIRECTIONAL = 1;
const INGRESS_ONLY = 2;
const ENFORCED = 4;

const UNENCRYPTED = new Set([
  'internet-gateway',
  'egress-only-internet-gateway',
  'virtual-private-gateway',
  'peering',
  'peering-inter-region',
]);

/** The controls of one snapshot. */
export class Controls {
  readonly #snapshot: VpcSnapshot;
  readonly #paths: Paths;
  readonly #modes: Uint8Array;

  constructor(snapshot: VpcSnapshot, paths: Paths) {
    this.#snapshot = snapshot;
    this.#paths = paths;
    const blocks = new Map(snapshot.blockPublicAccess.map((one) => [one.subnet, one.mode]));
    this.#modes = Uint8Array.from(snapshot.interfaces, (one) => {
      const mode = blocks.get(one.subnet);
      const block = mode === 'block-bidirectional' ? BIDIRECTIONAL : mode === 'block-ingress' ? INGRESS_ONLY : 0;
      return block | (snapshot.vpcs[one.vpc]?.encryption === 'enforce' ? ENFORCED : 0);
    });
  }

  /** False: nothing can be stopped at this interface. */
  apply(interfaceNumber: number): boolean {
    return this.#modes[interfaceNumber] !== 0;
  }

  /** `DENY_BPA`, `DENY_EC` or 0. */
  stop(interfaceNumber: number, family: number, w0: number, w1: number, w2: number, w3: number): number {
    const { interfaces, vpcs } = this.#snapshot;
    const mode = this.#modes[interfaceNumber] as number;
    const own = interfaces[interfaceNumber];
    const target = this.#paths.target(interfaceNumber, family, w0, w1, w2, w3);
    const kind = target?.kind ?? 'other';
    const internet = kind === 'internet-gateway' || kind === 'egress-only-internet-gateway';
    if (internet && (mode & BIDIRECTIONAL) !== 0) return DENY_BPA;
    if (kind === 'internet-gateway' && (mode & INGRESS_ONLY) !== 0 && own?.kind !== 'nat_gateway') return DENY_BPA;
    if ((mode & ENFORCED) === 0) return 0;
    const exclusion = kind === 'peering-inter-region' ? 'peering' : kind;
    if (UNENCRYPTED.has(kind) && !vpcs[own?.vpc ?? 0]?.encryptionExclusions?.includes(exclusion)) return DENY_EC;
    if (kind !== 'local') return 0;
    const other = this.#paths.sender(interfaceNumber, family, w0, w1, w2, w3);
    return own?.nitro && (other === 0 || interfaces[other]?.nitro) ? 0 : DENY_EC;
  }
}
