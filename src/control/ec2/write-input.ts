/**
 * What the SDK was given → the parameters of a request: the other way round than `read-input.ts`.
 *
 * In:    a shape, an object with its members. Out: a tree of parameters, which is read as one that came over the wire.
 * Holds: readInput(shape, parametersOf(shape, x)) equals x, but for members that are `undefined`.
 * Fails: `UnknownParameter` of a member that the shape has not; `InvalidCharacter`; `InvalidParameterValue` of a list or a
 *        structure where there is to be another.
 */
import { invalidParameterValue } from './errors.ts';
import { checkCharacters, unknownParameter } from './form.ts';
import type { Parameters } from './form.ts';
import { membersOf } from './shapes.ts';
import type { Type } from './shapes.ts';

/** The parameters of a request. */
export function parametersOf(shape: string, input: object): Parameters {
  return written(shape, input, '');
}

function written(shape: string, input: object, path: string): Parameters {
  const made: Parameters = new Map();
  const members = membersOf(shape);
  for (const [name, value] of Object.entries(input) as [string, unknown][]) {
    if (value === undefined) continue;
    const member = members.find((one) => one.name === name);
    if (member === undefined) throw unknownParameter(path + name);
    made.set(member.query, valueOf(member.type, value, path + member.query));
  }
  return made;
}

function valueOf(type: Type, value: unknown, path: string): string | Parameters {
  if (type.kind === 'list') {
    if (!Array.isArray(value)) throw invalidParameterValue(path, String(value), 'It must be a list.');
    const items = value as readonly unknown[];
    // As an empty list is sent.
    if (items.length === 0) return '';
    return new Map(items.map((one, i) => [String(i + 1), valueOf(type.of, one, `${path}.${i + 1}`)]));
  }
  if (type.kind === 'structure') {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalidParameterValue(path, JSON.stringify(value), 'It must be a structure.');
    return written(type.shape, value, `${path}.`);
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw invalidParameterValue(path, JSON.stringify(value) ?? typeof value, 'It must be one value.');
  const text = String(value);
  checkCharacters([[path, text]]);
  return text;
}
