/**
 * How the shapes of the AWS SDK are written down in our generated files.
 *
 * In:    a schema of the SDK. Out: the name of its shape, and for it and all within it the text of its members.
 * Holds: `Name`, `=xmlName` where that differs, `~QueryName` where a request names it otherwise than xmlName with a large
 *        first letter, and the type: `#` number, `?` boolean, `@` time, `*` bytes, `%` map, `:Shape` structure, `[` and a
 *        type list, nothing text; `!` at the end where a request must have it. Members stand in the schema's order.
 */
import { NormalizedSchema } from '@smithy/core/schema';

/** What a generated file says of the notation. */
export const NOTATION = ` * The members of each shape: \`Name\`, \`=xmlName\` and \`~QueryName\` where they differ, and the type: \`#\` number, \`?\`
 * boolean, \`@\` time, \`*\` bytes, \`%\` map, \`:Shape\` structure, \`[\` and a type list, nothing text; \`!\` it must be given.`;

/** Of a raw schema of a structure: how many of its members, which come first, must be given. */
function requiredCount(schema: NormalizedSchema): number {
  const raw: unknown = schema.getSchema();
  const count: unknown = Array.isArray(raw) ? raw[6] : undefined;
  return typeof count === 'number' ? count : 0;
}

function typeText(schema: NormalizedSchema, found: (shape: NormalizedSchema) => string): string {
  if (schema.isListSchema()) return `[${typeText(schema.getValueSchema(), found)}`;
  if (schema.isStructSchema()) return `:${found(schema)}`;
  if (schema.isMapSchema()) return '%';
  if (schema.isTimestampSchema()) return '@';
  if (schema.isBlobSchema()) return '*';
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return '#';
  if (schema.isBooleanSchema()) return '?';
  return '';
}

function memberText(name: string, schema: NormalizedSchema, found: (shape: NormalizedSchema) => string): string {
  const traits = schema.getMergedTraits();
  const xml = typeof traits.xmlName === 'string' ? traits.xmlName : name;
  const large = xml.charAt(0).toUpperCase() + xml.slice(1);
  const query = typeof traits.ec2QueryName === 'string' ? traits.ec2QueryName : large;
  return `${name}${xml === name ? '' : `=${xml}`}${query === large ? '' : `~${query}`}${typeText(schema, found)}`;
}

/**
 * Adds a shape and all within it.
 *
 * @param shapes   `service.Shape` → text
 * @returns its name without the service
 */
export function addShape(shapes: Map<string, string>, service: string, schema: unknown): string {
  const add = (shape: NormalizedSchema): string => {
    const name = shape.getName()?.split('#').at(-1) ?? '';
    const key = `${service}.${name}`;
    if (shapes.has(key)) return name;
    shapes.set(key, '');
    const required = requiredCount(shape);
    const members = [...shape.structIterator()].map(
      ([member, inner], i) => `${memberText(member, inner, add)}${i < required ? '!' : ''}`,
    );
    shapes.set(key, members.join(' '));
    return name;
  };
  return add(NormalizedSchema.of(schema as never));
}

/** The lines of a table of shapes. */
export function shapeLines(shapes: ReadonlyMap<string, string>): string {
  return [...shapes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `  '${name}':\n    '${text}',`)
    .join('\n');
}
