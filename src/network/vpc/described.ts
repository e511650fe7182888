/**
 * Reads parsed JSON in the shapes that `aws ec2 describe-*` prints, knowing at each step where it is.
 *
 * In:    a JSON value, the name of the file it is from, its path there. Out: typed values.
 * Holds: a member that is absent, null or empty text is the same to a reader: not given. Text that may come into a record
 *        has no blanks and no control characters: a record is a line of words.
 * Fails: FG_MODEL_VALUE with file, path, value and what was wanted; never a TypeError.
 */
import { failure } from '../../model/errors.ts';
import { parseAddress, parseCidr } from './addresses.ts';
import type { Address, Cidr, Tags } from './snapshot.ts';

/** One JSON object of the model, with the place it is from. */
export type Described = {
  /** File and path, for messages about the whole. */
  readonly place: string;
  /** The value as JSON with sorted keys: equal text is equal content. */
  readonly content: () => string;
  readonly keys: readonly string[];
  has(key: string): boolean;
  text(key: string): string;
  textOr<T>(key: string, otherwise: T): string | T;
  /** Text of letters, digits and hyphens, as it may stand in the name of a file. */
  word(key: string): string;
  wordOr<T>(key: string, otherwise: T): string | T;
  wholeOr<T>(key: string, lowest: number, highest: number, otherwise: T): number | T;
  flag(key: string): boolean;
  oneOf<const W extends string>(key: string, words: readonly W[]): W;
  address(key: string): Address;
  cidr(key: string): Cidr;
  cidrs(key: string): readonly Cidr[];
  objects(key: string): readonly Described[];
  objectOr<T>(key: string, otherwise: T): Described | T;
  texts(key: string): readonly string[];
  /** `Tags` and `TagSet` lists. */
  tags(key: string): Tags;
  /** The error that a member is not what is wanted. */
  wrong(key: string, wanted: string): Error;
};

/** Members whose text people write for themselves; none is printed as it is. */
const FREE_TEXT = new Set('Key Value Description LogFormat CreationTime AutoScalingGroupName'.split(' '));
const BLANK_OR_CONTROL = /[\s\p{Cc}]/u;
const WORD = /^[A-Za-z\d-]{1,128}$/;

/** A value as JSON; null where it is nested too deep to be walked. */
function asJson(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? 'absent';
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const show = (value: unknown): string => {
  const text = asJson(value) ?? 'nested too deep to be shown';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/**
 * @param part   the name of the file
 * @param path   where in it; '' for the whole
 */
export function described(part: string, path: string, json: unknown): Described {
  const problem = (at: string, value: unknown, wanted: string): Error =>
    failure('FG_MODEL_VALUE', part, at === '' ? 'the content' : at, show(value), wanted);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw problem(path, json, 'an object');
  const members = new Map<string, unknown>(
    Object.entries(json).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
  const pathOf = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const wrong = (key: string, wanted: string): Error => problem(pathOf(key), members.get(key), wanted);
  const text = (key: string): string => {
    const value = members.get(key);
    if (typeof value !== 'string') throw wrong(key, 'a text');
    if (!FREE_TEXT.has(key) && BLANK_OR_CONTROL.test(value))
      throw wrong(key, 'a text without blanks and control characters');
    return value;
  };
  const word = (key: string): string => {
    const value = text(key);
    if (!WORD.test(value)) throw wrong(key, 'made of letters, digits and hyphens');
    return value;
  };
  const list = (key: string): readonly unknown[] => {
    const value = members.get(key) ?? [];
    if (!Array.isArray(value)) throw wrong(key, 'a list');
    return value;
  };
  const objects = (key: string): readonly Described[] =>
    list(key).map((value, i) => described(part, `${pathOf(key)}[${i}]`, value));
  return {
    place: path === '' ? part : `${part}: ${path}`,
    content() {
      try {
        return JSON.stringify(sorted(json));
      } catch (error) {
        if (error instanceof RangeError) throw problem(path, json, 'what AWS describes');
        throw error;
      }
    },
    keys: [...members.keys()],
    has: (key) => members.has(key),
    text,
    textOr: (key, otherwise) => (members.has(key) ? text(key) : otherwise),
    word,
    wordOr: (key, otherwise) => (members.has(key) ? word(key) : otherwise),
    wholeOr(key, lowest, highest, otherwise) {
      const value = members.get(key);
      if (value === undefined) return otherwise;
      if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest)
        throw wrong(key, `a whole number from ${lowest} to ${highest}`);
      return value;
    },
    flag(key) {
      const value = members.get(key) ?? false;
      if (typeof value !== 'boolean') throw wrong(key, 'true or false');
      return value;
    },
    oneOf(key, words) {
      const found = words.find((word) => word === members.get(key));
      if (found === undefined) throw wrong(key, `one of ${words.join(', ')}`);
      return found;
    },
    address(key) {
      const address = parseAddress(text(key));
      if (!address) throw wrong(key, 'an IPv4 or IPv6 address');
      return address;
    },
    cidr(key) {
      const cidr = parseCidr(text(key));
      if (!cidr) throw wrong(key, 'an address block such as 10.0.0.0/16');
      return cidr;
    },
    cidrs: (key) =>
      list(key).map((value, i) => {
        const cidr = typeof value === 'string' ? parseCidr(value) : null;
        if (!cidr) throw problem(`${pathOf(key)}[${i}]`, value, 'an address block such as 10.0.0.0/16');
        return cidr;
      }),
    objects,
    objectOr: (key, otherwise) => (members.has(key) ? described(part, pathOf(key), members.get(key)) : otherwise),
    texts: (key) =>
      list(key).map((value, i) => {
        if (typeof value !== 'string') throw problem(`${pathOf(key)}[${i}]`, value, 'a text');
        return value;
      }),
    tags: (key) => Object.fromEntries(objects(key).map((tag) => [tag.text('Key'), tag.textOr('Value', '')])),
    wrong,
  };
}
