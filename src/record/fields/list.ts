/**
 * Every field, once.
 *
 * In:    nothing. Out: the table that everything else about fields is made from.
 * Holds: AWS's order: versions ascending, within one as AWS's table has them; then ours.
 */
import { EXTENSION } from './extension.ts';
import { TRANSIT_GATEWAY } from './transit-gateway.ts';
import { V2 } from './v2.ts';
import { V3 } from './v3.ts';
import { V4 } from './v4.ts';
import { V5 } from './v5.ts';
import { V7 } from './v7.ts';
import { V8 } from './v8.ts';
import { V9 } from './v9.ts';
import { V10 } from './v10.ts';
import { V11 } from './v11.ts';
import type { Field } from './field.ts';

/** Fields of interface flow logs in AWS's order: 42 up to version 10, 54 up to 11. */
export const INTERFACE_FIELDS: readonly Field[] = [V2, V3, V4, V5, V7, V8, V9, V10, V11].flat();

/** All fields: of interfaces, of transit gateways only, and ours. */
export const FIELDS: readonly Field[] = [...INTERFACE_FIELDS, ...TRANSIT_GATEWAY, ...EXTENSION];

const byName = new Map(FIELDS.map((entry) => [entry.name, entry]));

/** The field of a name with hyphens; undefined where no version defines it. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name);
}

/** The name of a field's Parquet and table column: underscores. */
export function columnName(name: string): string {
  return name.replaceAll('-', '_');
}
