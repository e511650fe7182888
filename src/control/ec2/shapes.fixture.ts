/** For tests: random values of shapes. */
import fc from 'fast-check';
import { membersOf } from './shapes.ts';
import type { Type } from './shapes.ts';

// Every character that XML can hold.
const TEXT = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((text) => text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, ''));
const TIME = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

function valueOf(type: Type, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'list':
      // A list without items has no parameter, so it cannot be told from none.
      return fc.array(valueOf(type.of, depth), { minLength: 1, maxLength: 3 });
    case 'structure':
      return structureOf(type.shape, depth + 1);
    case 'number':
      return fc.integer();
    case 'boolean':
      return fc.boolean();
    case 'time':
      return TIME;
    default:
      return TEXT;
  }
}

/** Values of a shape; deeper than a few levels only what must be given. */
export function structureOf(shape: string, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const members = membersOf(shape).filter(({ type, required }) => required || depth < 3 || type.kind === 'text');
  const all = Object.fromEntries(members.map(({ name, type }) => [name, valueOf(type, depth)]));
  const requiredKeys = members.filter(({ required }) => required).map(({ name }) => name);
  return fc.record(all, { requiredKeys, noNullPrototype: true });
}
