/**
 * NAT gateways, and for how long those that are gone are described.
 *
 * In:    a gateway, a time. Out: whether it is seen. Holds: what was deleted, or failed, is seen for an hour.
 * @see VPC User Guide, "NAT gateways", August 2026
 */
import type { Items } from './items.ts';

export type NatGateway = Items['NatGateways'];

const SEEN_MILLIS = 3_600_000;

/** A gateway at a time; null where it is no longer seen. */
export function natGatewayAt(item: NatGateway, now: Date): NatGateway | null {
  return item.DeleteTime !== undefined && Date.parse(item.DeleteTime) + SEEN_MILLIS <= now.getTime() ? null : item;
}
