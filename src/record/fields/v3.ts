/**
 * Fields of version 3: where the interface is, and the addresses that the packet really has.
 *
 * In:    nothing. Out: the fields in the order of AWS's table.
 * Holds: pkt-srcaddr and pkt-dstaddr are as in the packet, whatever the interface holds.
 */
import { ADDRESS_WIDTH } from '../print-address.ts';
import { IN_DST, IN_SRC, PACKET_DST, PACKET_SRC, TCP_FLAGS } from '../print-loops.ts';
import { field, ofInterface } from './field.ts';
import { NO_TRAFFIC } from './v2.ts';
import type { Field } from './field.ts';

export const V3: readonly Field[] = [
  ofInterface('vpc-id', 3, 'VPC of the interface.', 'where it is not known', (recording) => recording.vpcId),
  ofInterface('subnet-id', 3, 'Subnet of the interface.', 'where it is not known', (recording) => recording.subnetId),
  ofInterface(
    'instance-id',
    3,
    'Instance that the interface is attached to, if you own it.',
    'for interfaces that a service manages (NAT gateway, transit gateway, endpoint, load balancer) or that are not attached',
    (recording) => recording.instanceId,
  ),
  field({
    name: 'tcp-flags',
    version: 3,
    column: 'INTEGER',
    from: 'flow',
    meaning:
      'OR over the packets of the record: FIN 1, SYN 2, RST 4, and 16 for a packet with SYN and ACK (so SYN-ACK is 18); 0 for other flags and other protocols.',
    absent: NO_TRAFFIC,
    print: { kind: 'written', width: 3, write: (loops) => loops.small(TCP_FLAGS) },
  }),
  field({
    name: 'type',
    version: 3,
    column: 'VARCHAR',
    from: 'flow',
    meaning: 'IPv4 or IPv6 (AWS also has EFA, which we never see).',
    absent: NO_TRAFFIC,
    print: {
      kind: 'numbered',
      count: () => 2,
      find: ({ count, family }, found) => {
        for (let i = 0; i < count; i++) found[i] = family[i] === 4 ? 0 : 1;
      },
      text: (number) => (number === 0 ? 'IPv4' : 'IPv6'),
    },
  }),
  field({
    name: 'pkt-srcaddr',
    version: 3,
    column: 'VARCHAR',
    from: 'flow',
    meaning: 'Source address as the packet has it; differs from srcaddr where the interface forwards.',
    absent: NO_TRAFFIC,
    print: {
      kind: 'written',
      width: ADDRESS_WIDTH,
      write: (loops) => loops.addresses(PACKET_SRC, IN_SRC),
    },
  }),
  field({
    name: 'pkt-dstaddr',
    version: 3,
    column: 'VARCHAR',
    from: 'flow',
    meaning: 'Destination address as the packet has it; differs from dstaddr where the interface forwards.',
    absent: NO_TRAFFIC,
    print: {
      kind: 'written',
      width: ADDRESS_WIDTH,
      write: (loops) => loops.addresses(PACKET_DST, IN_DST),
    },
  }),
];
