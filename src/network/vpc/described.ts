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
import { CutList } from './cut-json.ts';
import type { Address, Cidr, Tags } from './snapshot.ts';

/** Names of members, each with those below it; null: all that is below is known. */
export type KnownMembers = ReadonlyMap<string, KnownMembers | null>;

/** One JSON object of the model, with the place it is from. */
export type Described = {
  /** File and path, for messages about the whole. */
  readonly place: string;
  /** The value as JSON with sorted keys: equal text is equal content. */
  content(): string;
  readonly keys: readonly string[];
  /** Paths of members that are given and not among these, such as `IpPermissions[].Hours`; each once. */
  unknown(known: KnownMembers): readonly string[];
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
  /** The same one after the other, so that those of a long list are not held together. */
  each(key: string, read: (item: Described) => void): void;
  objectOr<T>(key: string, otherwise: T): Described | T;
  /** A member that is one object or a list of them; none where it is not given. */
  oneOrMore(key: string): readonly Described[];
  texts(key: string): readonly string[];
  /** `Tags` and `TagSet` lists. */
  tags(key: string): Tags;
  /** The error that a member is not what is wanted. */
  wrong(key: string, wanted: string): Error;
};

/** Members whose text people write for themselves; none is printed as it is. */
const FREE_TEXT = new Set(
  'Key Value Description LogFormat CreationTime AutoScalingGroupName PolicyDocument'.split(' '),
);
const BLANK_OR_CONTROL = /[\s\p{Cc}]/u;
const WORD = /^[A-Za-z\d-]{1,128}$/;

/** Whether a text has nothing but ASCII that is seen; no regular expression, for there are many texts. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code >= 127) return false;
  }
  return true;
}

/** Whether anything is given that is not known. Nothing is made for it: there may be many items, and few have any. */
function hasUnknown(value: object, known: KnownMembers): boolean {
  if (Array.isArray(value) || value instanceof CutList) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value instanceof CutList ? value.item(i) : value[i];
      if (typeof item === 'object' && item !== null && hasUnknown(item, known)) return true;
    }
    return false;
  }
  for (const key in value) {
    const below = known.get(key);
    if (below === null) continue;
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (
      below === undefined
        ? !isEmpty(member)
        : typeof member === 'object' && member !== null && hasUnknown(member, below)
    )
      return true;
  }
  return false;
}

/** Adds the paths of members that are not known. */
function findUnknown(value: object, known: KnownMembers, path: string, found: string[]): void {
  if (Array.isArray(value) || value instanceof CutList) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value instanceof CutList ? value.item(i) : value[i];
      if (typeof item === 'object' && item !== null) findUnknown(item, known, path, found);
    }
    return;
  }
  for (const key in value) {
    const below = known.get(key);
    if (below === null) continue;
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (below === undefined) {
      const at = path + key;
      if (!isEmpty(member) && !found.includes(at)) found.push(at);
    } else if (typeof member === 'object' && member !== null)
      findUnknown(
        member,
        below,
        `${path}${key}${Array.isArray(member) || member instanceof CutList ? '[]' : ''}.`,
        found,
      );
  }
}

/** Nothing is said by it. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

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
 * Begins to read.
 *
 * @param part  the name of the file
 * @param json  its content
 */
export function described(part: string, json: unknown): Described {
  return new JsonObject(part, null, '', -1, json);
}

/** There may be as many as a model has rules: places are spelt when they are asked for. */
class JsonObject implements Described {
  readonly #part: string;
  /** The object that holds it, under which member, and where it is an item at which position; -1 it is none. */
  readonly #around: JsonObject | null;
  readonly #key: string;
  readonly #index: number;
  readonly #json: Readonly<Record<string, unknown>>;

  constructor(part: string, around: JsonObject | null, key: string, index: number, json: unknown) {
    this.#part = part;
    this.#around = around;
    this.#key = key;
    this.#index = index;
    this.#json = json as Readonly<Record<string, unknown>>;
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw this.#isNot('an object');
  }

  /** A member; undefined where it is not given. Nobody asks for a name that every object has, such as toString. */
  #member(key: string): unknown {
    const value = this.#json[key];
    return value === null || value === '' ? undefined : value;
  }

  #list(key: string): readonly unknown[] | CutList {
    const value = this.#member(key);
    if (value === undefined) return NOTHING;
    if (!Array.isArray(value) && !(value instanceof CutList)) throw this.wrong(key, 'a list');
    return value;
  }

  #path(): string {
    if (this.#around === null) return '';
    const path = this.#around.#pathOf(this.#key);
    return this.#index < 0 ? path : `${path}[${this.#index}]`;
  }

  #pathOf(key: string): string {
    const path = this.#path();
    return path === '' ? key : `${path}.${key}`;
  }

  get place(): string {
    return this.#around === null ? this.#part : `${this.#part}: ${this.#path()}`;
  }

  unknown(known: KnownMembers): readonly string[] {
    if (!hasUnknown(this.#json, known)) return NOTHING_UNKNOWN;
    const found: string[] = [];
    findUnknown(this.#json, known, '', found);
    return found;
  }

  get keys(): readonly string[] {
    return Object.keys(this.#json).filter((key) => this.has(key));
  }

  content(): string {
    try {
      return JSON.stringify(sorted(this.#json));
    } catch (error) {
      if (error instanceof RangeError) throw this.#isNot('what AWS describes');
      throw error;
    }
  }

  has(key: string): boolean {
    return this.#member(key) !== undefined;
  }

  text(key: string): string {
    const value = this.#member(key);
    if (typeof value !== 'string') throw this.wrong(key, 'a text');
    if (!isPlain(value) && !FREE_TEXT.has(key) && BLANK_OR_CONTROL.test(value))
      throw this.wrong(key, 'a text without blanks and control characters');
    return value;
  }

  textOr<T>(key: string, otherwise: T): string | T {
    return this.has(key) ? this.text(key) : otherwise;
  }

  word(key: string): string {
    const value = this.text(key);
    if (!WORD.test(value)) throw this.wrong(key, 'made of letters, digits and hyphens');
    return value;
  }

  wordOr<T>(key: string, otherwise: T): string | T {
    return this.has(key) ? this.word(key) : otherwise;
  }

  wholeOr<T>(key: string, lowest: number, highest: number, otherwise: T): number | T {
    const value = this.#member(key);
    if (value === undefined) return otherwise;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest)
      throw this.wrong(key, `a whole number from ${lowest} to ${highest}`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.#member(key) ?? false;
    if (typeof value !== 'boolean') throw this.wrong(key, 'true or false');
    return value;
  }

  oneOf<const W extends string>(key: string, words: readonly W[]): W {
    const value = this.#member(key);
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.wrong(key, `one of ${words.join(', ')}`);
    return found;
  }

  address(key: string): Address {
    const address = parseAddress(this.text(key));
    if (!address) throw this.wrong(key, 'an IPv4 or IPv6 address');
    return address;
  }

  cidr(key: string): Cidr {
    const cidr = parseCidr(this.text(key));
    if (!cidr) throw this.wrong(key, 'an address block such as 10.0.0.0/16');
    return cidr;
  }

  cidrs(key: string): readonly Cidr[] {
    return [...this.#list(key)].map((value, i) => {
      const cidr = typeof value === 'string' ? parseCidr(value) : null;
      if (!cidr) throw this.#wrongItem(key, i, value, 'an address block such as 10.0.0.0/16');
      return cidr;
    });
  }

  objects(key: string): readonly Described[] {
    const items: Described[] = [];
    this.each(key, (item) => items.push(item));
    return items;
  }

  each(key: string, read: (item: Described) => void): void {
    const list = this.#list(key);
    for (let i = 0; i < list.length; i++)
      read(new JsonObject(this.#part, this, key, i, list instanceof CutList ? list.item(i) : list[i]));
  }

  objectOr<T>(key: string, otherwise: T): Described | T {
    const value = this.#member(key);
    return value === undefined ? otherwise : new JsonObject(this.#part, this, key, -1, value);
  }

  oneOrMore(key: string): readonly Described[] {
    if (Array.isArray(this.#member(key))) return this.objects(key);
    return this.has(key) ? [this.objectOr(key, this)] : [];
  }

  texts(key: string): readonly string[] {
    return [...this.#list(key)].map((value, i) => {
      if (typeof value !== 'string') throw this.#wrongItem(key, i, value, 'a text');
      return value;
    });
  }

  tags(key: string): Tags {
    const tags: [string, string][] = [];
    this.each(key, (tag) => tags.push([tag.text('Key'), tag.textOr('Value', '')]));
    return Object.fromEntries(tags);
  }

  wrong(key: string, wanted: string): Error {
    return this.#problem(this.#pathOf(key), this.#member(key), wanted);
  }

  #wrongItem(key: string, i: number, value: unknown, wanted: string): Error {
    return this.#problem(`${this.#pathOf(key)}[${i}]`, value, wanted);
  }

  #isNot(wanted: string): Error {
    return this.#problem(this.#path() || 'the content', this.#json, wanted);
  }

  #problem(path: string, value: unknown, wanted: string): Error {
    return failure('FG_MODEL_VALUE', this.#part, path, show(value), wanted);
  }
}

const NOTHING_UNKNOWN: readonly string[] = [];
const NOTHING: readonly unknown[] = [];
