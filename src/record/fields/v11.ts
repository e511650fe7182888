/**
 * Fields of version 11: tags, the kind of the interface, and the interface at the other end.
 *
 * In:    nothing. Out: the fields in the order of AWS's table.
 * Holds: tag values are percent-encoded (`tags.ts`). The next hop is the receiver of egress and the sender of ingress,
 *        as the recording interface's model knows it.
 */
import { encodeTag } from '../tags.ts';
import { field, ofInterface } from './field.ts';
import { NO_TRAFFIC } from './v2.ts';
import type { Interface, Tags } from '../../network/vpc/snapshot.ts';
import type { Field, Subject } from './field.ts';

type TagKind = Subject['flowLog']['tagKeys'][number]['kind'];

/** The value of the flow log's `nth` key of a kind, encoded. */
function tagOf(tags: Tags | null, subject: Subject, kind: TagKind, nth: number): string | null {
  const key = subject.flowLog.tagKeys.find((entry) => entry.kind === kind)?.keys[nth];
  if (tags === null || key === undefined || !Object.hasOwn(tags, key)) return null;
  return encodeTag(tags[key]!);
}

function ofTag(
  name: string,
  kind: TagKind,
  nth: number,
  whose: string,
  tags: (recording: Interface) => Tags | null,
): Field {
  return ofInterface(
    name,
    11,
    `Value of the ${nth === 0 ? 'first' : 'second'} tag key chosen for ${whose}, percent-encoded but for letters and digits.`,
    'where there is no such tag, its value is empty, or no key was chosen',
    (recording, subject) => tagOf(tags(recording), subject, kind, nth),
  );
}

function ofNextHop(name: string, meaning: string, text: (other: Interface) => string | null): Field {
  return field({
    name,
    version: 11,
    column: 'VARCHAR',
    from: 'peer',
    meaning,
    absent: `where no interface of the model is at the other end; ${NO_TRAFFIC}`,
    print: {
      kind: 'numbered',
      count: ({ snapshot }) => snapshot.interfaces.length,
      find: ({ count, nextHop }, found) => {
        for (let i = 0; i < count; i++) found[i] = nextHop[i]!;
      },
      text: (number, { snapshot }) => (number === 0 ? null : text(snapshot.interfaces[number]!)),
    },
  });
}

export const V11: readonly Field[] = [
  ofTag('instance-tag', 'instance', 0, 'instances', (recording) => recording.instanceTags),
  ofTag('instance-tag-2', 'instance', 1, 'instances', (recording) => recording.instanceTags),
  ofTag('interface-tag', 'network-interface', 0, 'interfaces', (recording) => recording.interfaceTags),
  ofTag('interface-tag-2', 'network-interface', 1, 'interfaces', (recording) => recording.interfaceTags),
  ofTag('asg-tag', 'auto-scaling-group', 0, 'Auto Scaling groups', (recording) => recording.asgTags),
  ofTag('asg-tag-2', 'auto-scaling-group', 1, 'Auto Scaling groups', (recording) => recording.asgTags),
  ofInterface(
    'interface-type',
    11,
    'Kind of the recording interface: nat_gateway, regional_nat_gateway, network_load_balancer, transit_gateway or vpc_endpoint.',
    'for other kinds',
    (recording) => recording.kindWord,
  ),
  ofNextHop(
    'next-hop-interface-id',
    'The interface at the other end: receiver of egress, sender of ingress.',
    (other) => other.id,
  ),
  ofNextHop('next-hop-subnet-id', 'Its subnet.', (other) => other.subnetId),
  ofNextHop('next-hop-az-id', 'Its Availability Zone id.', (other) => other.azId),
  ofNextHop('next-hop-vpc-id', 'Its VPC.', (other) => other.vpcId),
  ofNextHop('next-hop-interface-type', 'Its kind, in the words of interface-type.', (other) => other.kindWord),
];
