/**
 * Fields of version 5: AWS services at the ends, direction, and the way out.
 *
 * In:    nothing. Out: the fields in the order of AWS's table.
 * Holds: traffic-path is the next step as seen from the recording interface, not the whole journey (spec section 8).
 */
import { EGRESS, field } from './field.ts';
import { NO_TRAFFIC } from './v2.ts';
import type { Field } from './field.ts';

export const V5: readonly Field[] = [
  field({
    name: 'pkt-src-aws-service',
    version: 5,
    column: 'VARCHAR',
    from: 'peer',
    meaning: 'Name of the AWS range that holds pkt-srcaddr, such as S3 or EC2; the longest prefix decides.',
    absent: `where the address is in no such range; ${NO_TRAFFIC}`,
    print: {
      kind: 'numbered',
      count: ({ ranges }) => ranges.names.length,
      find: ({ count, family, src, row }, found, { ranges }) => {
        for (let i = 0; i < count; i++) {
          const from = row[i]! * 4;
          found[i] = ranges.lookup(family[i]!, src[from]!, src[from + 1]!, src[from + 2]!, src[from + 3]!);
        }
      },
      text: (service, { ranges }) => ranges.names[service]!,
    },
  }),
  field({
    name: 'pkt-dst-aws-service',
    version: 5,
    column: 'VARCHAR',
    from: 'peer',
    meaning: 'Name of the AWS range that holds pkt-dstaddr.',
    absent: `where the address is in no such range; ${NO_TRAFFIC}`,
    print: {
      kind: 'numbered',
      count: ({ ranges }) => ranges.names.length,
      find: ({ count, family, dst, row }, found, { ranges }) => {
        for (let i = 0; i < count; i++) {
          const from = row[i]! * 4;
          found[i] = ranges.lookup(family[i]!, dst[from]!, dst[from + 1]!, dst[from + 2]!, dst[from + 3]!);
        }
      },
      text: (service, { ranges }) => ranges.names[service]!,
    },
  }),
  field({
    name: 'flow-direction',
    version: 5,
    column: 'VARCHAR',
    from: 'decision',
    meaning: 'ingress or egress, as the interface sees it.',
    absent: `where the capture does not tell it (no model); ${NO_TRAFFIC}`,
    print: { kind: 'fixed', text: (subject) => subject.decision.direction },
  }),
  field({
    name: 'traffic-path',
    version: 5,
    column: 'INTEGER',
    from: 'peer',
    meaning:
      'Where egress traffic goes: 1 the same VPC, 2 internet gateway or gateway endpoint, 3 virtual private gateway, 4 peering in the region, 5 peering across regions, 6 local gateway, 7 gateway endpoint (Nitro), 8 internet gateway (Nitro).',
    absent: `for ingress, and where no code fits; ${NO_TRAFFIC}`,
    print: {
      kind: 'numbered',
      count: () => 16,
      find: ({ count, direction, trafficPath }, found) => {
        for (let i = 0; i < count; i++) found[i] = direction[i] === EGRESS ? trafficPath[i]! : 0;
      },
      text: (code) => (code === 0 ? null : String(code)),
    },
  }),
];
