/**
 * Fields of version 6: transit gateway records.
 *
 * In:    nothing. Out: the fields that only those records have, and the names of the whole set in AWS's order.
 * Holds: transit gateway records have no action and no traffic filter. We read them; we record interfaces, so we never
 *        print them.
 */
import { field } from './field.ts';
import type { Field } from './field.ts';

function ofGateway(name: string, meaning: string, column: Field['column'] = 'VARCHAR'): Field {
  return field({
    name,
    version: 6,
    column,
    from: 'constant',
    meaning: `Transit gateway: ${meaning}`,
    absent: 'where it does not apply or is not known; we only read this field',
    print: { kind: 'none' },
  });
}

export const TRANSIT_GATEWAY: readonly Field[] = [
  ofGateway('resource-type', 'TransitGateway or TransitGatewayAttachment.'),
  ofGateway('tgw-id', 'id of the transit gateway.'),
  ofGateway('tgw-attachment-id', 'id of the attachment.'),
  ofGateway('tgw-src-vpc-account-id', 'account of the source VPC.'),
  ofGateway('tgw-dst-vpc-account-id', 'account of the destination VPC.'),
  ofGateway('tgw-src-vpc-id', 'source VPC.'),
  ofGateway('tgw-dst-vpc-id', 'destination VPC.'),
  ofGateway('tgw-src-subnet-id', "subnet of the source VPC's attachment."),
  ofGateway('tgw-dst-subnet-id', "subnet of the destination VPC's attachment."),
  ofGateway('tgw-src-eni', 'interface of the source attachment.'),
  ofGateway('tgw-dst-eni', 'interface of the destination attachment.'),
  ofGateway('tgw-src-az-id', 'Availability Zone id of the source.'),
  ofGateway('tgw-dst-az-id', 'Availability Zone id of the destination.'),
  ofGateway('tgw-pair-attachment-id', 'the attachment at the other end.'),
  ofGateway('packets-lost-no-route', 'packets lost because no route fitted.', 'BIGINT'),
  ofGateway('packets-lost-blackhole', 'packets lost in a blackhole route.', 'BIGINT'),
  ofGateway('packets-lost-mtu-exceeded', 'packets lost because they were larger than the MTU.', 'BIGINT'),
  ofGateway('packets-lost-ttl-expired', 'packets lost because their time to live ended.', 'BIGINT'),
];

/** Every field that a transit gateway flow log may have, in AWS's order. */
export const TRANSIT_GATEWAY_NAMES: readonly string[] = (
  'version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id ' +
  'tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id ' +
  'tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status ' +
  'type packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags ' +
  'region flow-direction pkt-src-aws-service pkt-dst-aws-service'
).split(' ');
