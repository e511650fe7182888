/**
 * The parameters of a request → the members that the SDK gave it.
 *
 * In:    a tree of parameters, and a shape. Out: an object with the shape's members.
 * Holds: lists are numbered from 1, in the order of their numbers, gaps closed. Times become text with milliseconds in UTC,
 *        bytes stay in base 64.
 * Fails: `UnknownParameter`, `MissingParameter`, `InvalidParameterValue`.
 */
import { Ec2Error, missingParameter } from './errors.ts';
import { unknownParameter } from './form.ts';
import type { Parameters } from './form.ts';
import { membersOf } from './shapes.ts';
import type { Type } from './shapes.ts';

/** Reads the members of a shape. */
export function readInput(shape: string, parameters: Parameters): Record<string, unknown> {
  return readStructure(shape, parameters, '');
}

function readStructure(shape: string, parameters: Parameters, path: string): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  let known = 0;
  for (const { name, query, type, required } of membersOf(shape)) {
    const given = parameters.get(query);
    if (given === undefined) {
      if (required) throw missingParameter(path + query);
      continue;
    }
    known++;
    made[name] = readValue(type, given, path + query);
  }
  if (known < parameters.size) throw unknownIn(shape, parameters, path);
  return made;
}

function unknownIn(shape: string, parameters: Parameters, path: string): Ec2Error {
  const names = new Set(membersOf(shape).map(({ query }) => query));
  const [unknown = ''] = [...parameters.keys()].filter((name) => !names.has(name));
  return unknownParameter(path + unknown);
}

function readValue(type: Type, given: string | Parameters, path: string): unknown {
  if (type.kind === 'list') return readList(type.of, given, path);
  if (type.kind === 'structure') {
    if (typeof given === 'string') throw unexpected(path, given, 'a structure');
    return readStructure(type.shape, given, `${path}.`);
  }
  if (typeof given !== 'string') throw unknownParameter(`${path}.${[...given.keys()][0] ?? ''}`);
  switch (type.kind) {
    case 'number':
      if (!/^-?\d{1,15}$/.test(given)) throw unexpected(path, given, 'an integer');
      return Number(given);
    case 'boolean':
      if (given !== 'true' && given !== 'false') throw unexpected(path, given, 'true or false');
      return given === 'true';
    case 'time':
      return readTime(given, path);
    default:
      return given;
  }
}

function readList(of: Type, given: string | Parameters, path: string): unknown[] {
  // An empty list is sent as the name alone.
  if (given === '') return [];
  if (typeof given === 'string') throw unexpected(path, given, 'a list');
  const numbers = [...given.keys()].map((key) => {
    if (!/^[1-9]\d{0,8}$/.test(key)) throw unknownParameter(`${path}.${key}`);
    return Number(key);
  });
  return numbers
    .sort((a, b) => a - b)
    .map((number) => readValue(of, given.get(String(number)) ?? '', `${path}.${number}`));
}

const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

function readTime(given: string, path: string): string {
  const millis = TIME.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(millis)) throw unexpected(path, given, 'a time in ISO 8601');
  return new Date(millis).toISOString();
}

function unexpected(path: string, given: string, wanted: string): Ec2Error {
  const shown = given.length > 80 ? `${given.slice(0, 77)}...` : given;
  return new Ec2Error('InvalidParameterValue', `Invalid value '${shown}' for ${path}. It must be ${wanted}`);
}
