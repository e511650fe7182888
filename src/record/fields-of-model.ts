/**
 * Which fields will be `-` in all records of a model, because what they tell is not in it.
 *
 * In:    a snapshot. Out: a row for each field that flow logs of interfaces may have, and ours.
 * Holds: a field that is not named as empty may still be `-` in some records; its entry in the table says when.
 */
import { EXTENSION } from './fields/extension.ts';
import { INTERFACE_FIELDS } from './fields/list.ts';
import { builtInRanges } from './service-names.ts';
import type { Decision, FlowLog, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { Field, World } from './fields/field.ts';

/** A field and the model. */
export type FieldInModel = {
  readonly field: Field;
  /** Why it will be `-` everywhere; null where something of the model fills it. */
  readonly empty: string | null;
};

const NO_DECISION: Decision = {
  interface: 0,
  direction: 'ingress',
  action: 'ACCEPT',
  stage: 'not-judged',
  rule: 0,
  rejectReason: null,
  source: 'none',
};

/** A flow log that chooses nothing, for a model that has none. */
const NO_FLOW_LOG: FlowLog = {
  id: '',
  accountId: '',
  region: '',
  resourceId: '',
  interfaces: [],
  tagKeys: [],
  traffic: 'ALL',
  intervalSeconds: 600,
  format: '',
  destination: { type: 's3', bucket: '', prefix: '', fileFormat: 'plain-text', hive: false, hourly: false },
  tags: {},
  createdSeconds: null,
};

/** What has to be in the model, by the begin of the field's name; the first that fits. */
const SOURCES: readonly (readonly [prefix: string, source: string])[] = [
  ['vpc-id', 'no interface has VpcId'],
  ['subnet-id', 'no interface has SubnetId'],
  ['instance-id', 'no interface is attached to an instance'],
  ['az-id', 'neither subnets nor interfaces have AvailabilityZoneId'],
  ['sublocation', 'no interface is in a Wavelength Zone, Local Zone or Outpost'],
  ['ecs-', 'no EcsTasks belong to an interface'],
  ['resource-id', 'there is no regional NAT gateway'],
  ['instance-tag', 'no flow log chooses a tag key that an instance has'],
  ['interface-tag', 'no flow log chooses a tag key that an interface has'],
  ['asg-tag', 'no flow log chooses a tag key that an Auto Scaling group has'],
  ['interface-type', 'no interface is of a kind that the field has a word for'],
  ['next-hop-interface-type', 'no interface is of a kind that the field has a word for'],
  ['next-hop-az-id', 'neither subnets nor interfaces have AvailabilityZoneId'],
  ['next-hop-', 'no interface of the model can be at the other end'],
];

/** Whether any record of the model can have a value; for fields that no single interface answers. */
function isFilled(field: Field, snapshot: VpcSnapshot): string | null {
  if (field.name === 'traffic-path' && snapshot.routeTables.length < 2) return 'there are no RouteTables';
  if (field.name === 'encryption-status' && !snapshot.vpcs.some((vpc) => vpc.encryption !== null)) {
    return 'no VPC has encryption controls';
  }
  const enforces = snapshot.vpcs.some((vpc) => vpc.encryption === 'enforce');
  if (field.name === 'reject-reason' && snapshot.blockPublicAccess.length === 0 && !enforces) {
    return 'neither Block Public Access nor enforced encryption is there';
  }
  return null;
}

/** Rows in AWS's order, then ours. */
export function fieldsOfModel(snapshot: VpcSnapshot): FieldInModel[] {
  const flowLogs = snapshot.flowLogs.length === 0 ? [NO_FLOW_LOG] : snapshot.flowLogs;
  const interfaces = snapshot.interfaces.slice(1);
  const worlds = flowLogs.map((flowLog): World => ({ snapshot, flowLog, ranges: builtInRanges(), version: 2 }));

  const hasText = (field: Field): boolean => {
    const { print } = field;
    if (print.kind === 'fixed' && field.from === 'interface') {
      return worlds.some((world) =>
        interfaces.some((one) => {
          const text = print.text({ ...world, interface: one, decision: NO_DECISION, status: 'OK' });
          return text !== null && text !== '';
        }),
      );
    }
    if (print.kind === 'numbered' && field.name.startsWith('next-hop')) {
      return worlds.some((world) => interfaces.some(({ number }) => print.text(number, world) !== null));
    }
    return true;
  };
  return [...INTERFACE_FIELDS, ...EXTENSION].map((field) => {
    const source = SOURCES.find(([prefix]) => field.name.startsWith(prefix))?.[1] ?? 'the model does not have it';
    return { field, empty: hasText(field) ? isFilled(field, snapshot) : source };
  });
}
