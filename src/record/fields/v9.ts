/**
 * Field of version 9: the resource of records that have no interface.
 *
 * In:    nothing. Out: the field.
 * Holds: a record has interface-id or resource-id, not both.
 */
import { ofInterface } from './field.ts';
import type { Field } from './field.ts';

export const V9: readonly Field[] = [
  ofInterface(
    'resource-id',
    9,
    'Resource behind a record that has no interface: a regional NAT gateway.',
    'for the traffic of interfaces',
    (recording) => recording.resourceId,
  ),
];
