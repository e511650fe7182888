/**
 * The schemas of others that our events and documents are held against (`test/fixtures/schemas/`).
 *
 * In:    an event or document. Out: what is wrong with it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SCHEMAS = join(import.meta.dirname, '../../test/fixtures/schemas');
const read = (name: string): unknown => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'));

/** Types of TypeScript by the names of ECS's fields. */
export const ecsFields = (): Readonly<Record<string, string>> => read('ecs-8.11-fields.json') as Record<string, string>;

/** A class of OCSF and its objects. */
export const ocsfSchema = (name: 'detection-finding' | 'network-activity'): Schema =>
  read(`ocsf-1.3.0-${name}.json`) as Schema;

/** Leaves of a document by their names with dots. */
export function leavesOf(value: unknown, path = ''): readonly (readonly [name: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, each]) => leavesOf(each, path === '' ? name : `${path}.${name}`));
}

type Attribute = {
  readonly type: string;
  readonly requirement: string;
  readonly is_array?: true;
  readonly object_type?: string;
  readonly enum?: readonly string[];
};
type Part = {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: { readonly at_least_one?: readonly string[] };
};
type Schema = {
  readonly version: string;
  readonly class: Part & { readonly uid: number };
  readonly objects: Readonly<Record<string, Part>>;
};

const TYPES: Readonly<Record<string, string>> = {
  string_t: 'string',
  integer_t: 'number',
  long_t: 'number',
  timestamp_t: 'number',
  port_t: 'number',
  ip_t: 'string',
};

/** What is wrong with a value of a part of the schema, by its path. */
export function faultsOf(schema: Schema, part: Part, value: Readonly<Record<string, unknown>>, path: string): string[] {
  const faults: string[] = [];
  for (const [name, { requirement }] of Object.entries(part.attributes))
    if (requirement === 'required' && value[name] === undefined) faults.push(`${path}.${name} is required`);
  const oneOf = part.constraints?.at_least_one ?? [];
  if (oneOf.length > 0 && !oneOf.some((name) => value[name] !== undefined))
    faults.push(`${path} has none of ${oneOf.join(', ')}`);
  for (const [name, given] of Object.entries(value)) {
    const at = `${path}.${name}`;
    const attribute = part.attributes[name];
    if (attribute === undefined) {
      faults.push(`${at} is not in the schema`);
      continue;
    }
    if (Array.isArray(given) !== (attribute.is_array === true)) faults.push(`${at} is a list or should be one`);
    for (const each of Array.isArray(given) ? (given as unknown[]) : [given]) {
      if (attribute.enum !== undefined && !attribute.enum.includes(String(each)))
        faults.push(`${at} is ${String(each)}, which has no meaning`);
      const inner = attribute.object_type === undefined ? undefined : schema.objects[attribute.object_type];
      if (inner !== undefined) faults.push(...faultsOf(schema, inner, each as Record<string, unknown>, at));
      const type = TYPES[attribute.type];
      if (type !== undefined && typeof each !== type) faults.push(`${at} is ${typeof each}, not ${type}`);
    }
  }
  return faults;
}
