/**
 * Fields of version 2: the default format.
 *
 * In:    nothing. Out: the fourteen fields in the order of the default format.
 * Holds: srcaddr and dstaddr show the interface's side as its primary IPv4 address; IPv6 is shown as the packet has it
 *        (User Guide, "Flow log records"; spec section 4).
 */
import { ADDRESS_WIDTH } from '../print-address.ts';
import {
  BYTES,
  DSTPORT,
  END,
  IN_DST,
  IN_SRC,
  PACKETS,
  PROTOCOL,
  SHOWN_DST,
  SHOWN_SRC,
  SRCPORT,
  START,
} from '../print-loops.ts';
import { NUMBER_WIDTH } from '../print-number.ts';
import { field, ofInterface } from './field.ts';
import type { Field } from './field.ts';

/** Said of everything that NODATA and SKIPDATA lines leave out. */
export const NO_TRAFFIC = 'in NODATA and SKIPDATA lines';

export const V2: readonly Field[] = [
  field({
    name: 'version',
    version: 2,
    column: 'INTEGER',
    from: 'constant',
    meaning: 'The highest version among the fields of the format; 2 for the default format.',
    absent: 'never',
    print: { kind: 'fixed', text: (subject) => String(subject.version) },
  }),
  ofInterface(
    'account-id',
    2,
    'Account that owns the recording interface: twelve digits with their leading zeros, or `unknown`.',
    'never',
    (recording) => recording.accountId,
  ),
  ofInterface(
    'interface-id',
    2,
    'The recording interface.',
    'for traffic of a regional NAT gateway, which has no interface',
    (recording) => (recording.resourceId === null ? recording.id : null),
  ),
  field({
    name: 'srcaddr',
    version: 2,
    column: 'VARCHAR',
    from: 'flow',
    meaning:
      'Ingress: the sender as the packet names it. Egress: the primary private IPv4 address of the interface, or the IPv6 address that the packet has.',
    absent: NO_TRAFFIC,
    print: {
      kind: 'written',
      width: ADDRESS_WIDTH,
      write: (loops) => loops.addresses(SHOWN_SRC, IN_SRC),
    },
  }),
  field({
    name: 'dstaddr',
    version: 2,
    column: 'VARCHAR',
    from: 'flow',
    meaning:
      'Egress: the receiver as the packet names it. Ingress: the primary private IPv4 address of the interface, or the IPv6 address that the packet has.',
    absent: NO_TRAFFIC,
    print: {
      kind: 'written',
      width: ADDRESS_WIDTH,
      write: (loops) => loops.addresses(SHOWN_DST, IN_DST),
    },
  }),
  field({
    name: 'srcport',
    version: 2,
    column: 'INTEGER',
    from: 'flow',
    meaning: 'Source port of TCP, UDP and SCTP; 0 for ICMP and every protocol without ports.',
    absent: NO_TRAFFIC,
    print: { kind: 'written', width: 5, write: (loops) => loops.small(SRCPORT) },
  }),
  field({
    name: 'dstport',
    version: 2,
    column: 'INTEGER',
    from: 'flow',
    meaning: 'Destination port; 0 as for srcport.',
    absent: NO_TRAFFIC,
    print: { kind: 'written', width: 5, write: (loops) => loops.small(DSTPORT) },
  }),
  field({
    name: 'protocol',
    version: 2,
    column: 'INTEGER',
    // AWS's tables have bigint although the files hold INT_32; engines widen it.
    ddl: 'bigint',
    from: 'flow',
    meaning: 'IANA protocol number: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6.',
    absent: NO_TRAFFIC,
    print: { kind: 'written', width: 3, write: (loops) => loops.small(PROTOCOL) },
  }),
  field({
    name: 'packets',
    version: 2,
    column: 'BIGINT',
    from: 'flow',
    meaning: 'Packets of the flow in the capture window.',
    absent: NO_TRAFFIC,
    print: {
      kind: 'written',
      width: NUMBER_WIDTH,
      write: (loops) => loops.counters(PACKETS),
    },
  }),
  field({
    name: 'bytes',
    version: 2,
    column: 'BIGINT',
    from: 'flow',
    meaning: 'Bytes of the flow in the capture window: IP headers and payload, without Ethernet.',
    absent: `${NO_TRAFFIC}; in rejects by VPC Block Public Access`,
    print: {
      kind: 'written',
      width: NUMBER_WIDTH,
      write: (loops) => loops.counters(BYTES),
    },
  }),
  field({
    name: 'start',
    version: 2,
    column: 'BIGINT',
    from: 'flow',
    stays: true,
    meaning:
      'Unix second of the first packet in the window; in NODATA and SKIPDATA lines the first second of the window. Read it as the begin of a span that holds the packets.',
    absent: 'never',
    print: {
      kind: 'written',
      width: NUMBER_WIDTH,
      write: (loops) => loops.seconds(START),
    },
  }),
  field({
    name: 'end',
    version: 2,
    column: 'BIGINT',
    from: 'flow',
    stays: true,
    meaning:
      'Unix second of the last packet in the window; in NODATA and SKIPDATA lines the last second of the window.',
    absent: 'never',
    print: {
      kind: 'written',
      width: NUMBER_WIDTH,
      write: (loops) => loops.seconds(END),
    },
  }),
  field({
    name: 'action',
    version: 2,
    column: 'VARCHAR',
    from: 'decision',
    meaning:
      'ACCEPT or REJECT: what security groups, network ACLs, Block Public Access and encryption controls did with the packets.',
    absent: NO_TRAFFIC,
    print: { kind: 'fixed', text: (subject) => subject.decision.action },
  }),
  field({
    name: 'log-status',
    version: 2,
    column: 'VARCHAR',
    from: 'flow',
    stays: true,
    meaning: 'OK; NODATA: no packet in the window; SKIPDATA: some records of the window were lost.',
    absent: 'never',
    print: { kind: 'fixed', text: (subject) => subject.status },
  }),
];
