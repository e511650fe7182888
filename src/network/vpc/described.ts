/**
 * Reads parsed JSON in the shapes that `aws ec2 describe-*` prints, knowing at each step where it is.
 *
 * In:    a JSON value, the name of the file it is from, its path there. Out: typed values.
 * Holds: a member that is absent, null or empty text is the same to a reader: not given.
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

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
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
    content: () => JSON.stringify(sorted(json)),
    keys: [...members.keys()],
    has: (key) => members.has(key),
    text,
    textOr: (key, otherwise) => (members.has(key) ? text(key) : otherwise),
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
