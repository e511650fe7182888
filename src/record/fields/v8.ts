/**
 * Field of version 8: why a packet was rejected.
 *
 * In:    nothing. Out: the field.
 * Holds: rejects by security groups and network ACLs have no reason.
 */
import { field } from './field.ts';
import { NO_TRAFFIC } from './v2.ts';
import type { Field } from './field.ts';

export const V8: readonly Field[] = [
  field({
    name: 'reject-reason',
    version: 8,
    column: 'VARCHAR',
    from: 'decision',
    meaning: 'BPA: VPC Block Public Access; EC: encryption controls.',
    absent: `where the packets were accepted, or rejected by a security group or network ACL; ${NO_TRAFFIC}`,
    print: { kind: 'fixed', text: (subject) => subject.decision.rejectReason },
  }),
];
