/**
 * Reads what `nft list set` prints of the flow tables.
 *
 * In:    text in pieces, cut anywhere, and what each set holds. Out: its elements.
 * Holds: never throws; what cannot be read is an element that is `odd`. Each element is read where it stands in the text: there
 *        are tens of thousands in a generation.
 */
import { parseAddress } from '../../network/vpc/addresses.ts';
import type { FlowElements, SetUse } from './flow-elements.ts';

const BEGIN = 'elements = {';
const HEAD = '\tset ';
const [TAB, SPACE, COMMA, DOT, ZERO, NINE, BRACE] = [9, 32, 44, 46, 48, 57, 125];
/** By the character code of `w`, `d`, `h`, `m`, `s`. */
const UNITS: ReadonlyMap<number, number> = new Map([
  [119, 604_800_000],
  [100, 86_400_000],
  [104, 3_600_000],
  [109, 60_000],
  [115, 1000],
]);

/** `59m57s980ms` in milliseconds; NaN where it is none. */
export function millisOf(text: string, from = 0, to: number = text.length): number {
  let sum = from === to ? Number.NaN : 0;
  let value = Number.NaN;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) {
      value = (Number.isNaN(value) ? 0 : value * 10) + code - ZERO;
      continue;
    }
    const isMillis = code === 109 && text.charCodeAt(i + 1) === 115;
    if (isMillis) i++;
    sum += value * (isMillis ? 1 : (UNITS.get(code) ?? Number.NaN));
    value = Number.NaN;
  }
  // Digits without a unit at the end are none.
  return Number.isNaN(value) ? sum : Number.NaN;
}

/** Where the elements of a set go, and what they are; null: they are not asked for. */
export type SetsWanted = (set: string) => { readonly to: FlowElements; readonly use: SetUse } | null;

/** Reads one listing of any number of sets. */
export class ListingReader {
  readonly #wanted: SetsWanted;
  #to: FlowElements | null = null;
  #text = '';
  #isInside = false;
  /** What is read of the element that is read, and the last comma or brace that is here. */
  #at = 0;
  #end = -1;

  constructor(wanted: SetsWanted) {
    this.#wanted = wanted;
  }

  /** Takes a piece. */
  push(piece: string): void {
    const text = (this.#text += piece);
    // An element is whole where its comma or brace is here; no element has one inside.
    this.#end = Math.max(text.lastIndexOf(','), text.lastIndexOf('}'));
    let at = 0;
    for (;;) {
      if (this.#isInside) {
        if (at > this.#end) break;
        const end = this.#element(at);
        this.#isInside = text.charCodeAt(end) === COMMA;
        at = end + 1;
        continue;
      }
      let begin = at;
      while (text.charCodeAt(begin) === TAB) begin++;
      if (text.startsWith(BEGIN, begin)) {
        this.#isInside = true;
        at = begin + BEGIN.length;
        continue;
      }
      const line = text.indexOf('\n', at);
      if (line < 0) break;
      if (text.startsWith(HEAD, at)) this.#set(text.slice(at + HEAD.length, text.indexOf(' ', at + HEAD.length)));
      at = line + 1;
    }
    this.#text = text.slice(at);
  }

  /** There is no more. */
  end(): void {
    this.#to?.end();
    this.#to = null;
  }

  #set(name: string): void {
    this.end();
    const wanted = this.#wanted(name);
    wanted?.to.begin(wanted.use);
    this.#to = wanted?.to ?? null;
  }

  /** Reads an element; where its comma or brace is. */
  #element(from: number): number {
    const elements = this.#to;
    const use = elements?.use;
    this.#at = from;
    if (elements !== null && use && this.#read(elements, use)) return this.#at;
    let end = from;
    while (!this.#isOver(end)) end++;
    if (elements !== null && use) elements.isOdd(this.#text.slice(from, end).trim());
    return end;
  }

  #isOver(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code === COMMA || code === BRACE;
  }

  #skipBlanks(): void {
    while (this.#text.charCodeAt(this.#at) <= SPACE) this.#at++;
  }

  /** Whether it is one, and the cursor at its end then. */
  #read(elements: FlowElements, use: SetUse): boolean {
    this.#skipBlanks();
    const word = this.#number();
    if (word < 0) return false;
    let ports = 0;
    if (use.is === 'flows') {
      const { family, protocol } = use.kind;
      if (!this.#address(family, elements.src) || !this.#address(family, elements.dst)) return false;
      const third = this.#field() ? this.#number() : -1;
      const fourth = protocol === 0 ? 0 : this.#field() ? this.#number() : -1;
      if (third < 0 || fourth < 0) return false;
      ports = protocol === 0 ? third : ((third << 16) | fourth) >>> 0;
    }
    let [packets, bytes] = [-1, -1];
    if (this.#word(' counter packets ')) {
      packets = this.#number();
      bytes = this.#word(' bytes ') ? this.#number() : -1;
      if (packets < 0 || bytes < 0) return false;
    }
    if (packets < 0 !== (use.is === 'last')) return false;
    if (this.#word(' timeout ')) this.#span();
    const left = this.#word(' expires ') ? this.#span() : Number.NaN;
    this.#skipBlanks();
    if (!this.#isOver(this.#at) || (use.is !== 'over' && Number.isNaN(left))) return false;
    if (use.is === 'over') elements.over(word, packets);
    // No packet's key begins with 0: the element of a known time (`markElement`).
    else if (word === 0) elements.mark(left);
    else if (use.is === 'last') elements.last(word, left);
    else elements.flow(word, ports, packets, bytes, left);
    return true;
  }

  /** A number at the cursor, -1 where there is none; decimal, or hexadecimal behind `0x`. */
  #number(): number {
    const text = this.#text;
    const isHex = text.startsWith('0x', this.#at);
    const from = this.#at + (isHex ? 2 : 0);
    let at = from;
    let value = 0;
    for (; at < this.#end; at++) {
      const code = text.charCodeAt(at);
      const isDigit = code >= ZERO && code <= NINE;
      if (!isDigit && !(isHex && code >= 97 && code <= 102)) break;
      value = value * (isHex ? 16 : 10) + (isDigit ? code - ZERO : code - 87);
    }
    if (at === from) return -1;
    this.#at = at;
    return value;
  }

  /** Goes over what stands between fields. */
  #field(): boolean {
    return this.#word(' . ');
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at) || this.#at + word.length > this.#end) return false;
    this.#at += word.length;
    return true;
  }

  /** A span of time up to the next blank, or the end. */
  #span(): number {
    const from = this.#at;
    while (this.#text.charCodeAt(this.#at) > SPACE && !this.#isOver(this.#at)) this.#at++;
    return millisOf(this.#text, from, this.#at);
  }

  #address(family: 4 | 6, into: Uint32Array): boolean {
    if (!this.#field()) return false;
    const from = this.#at;
    while (this.#at < this.#end && this.#text.charCodeAt(this.#at) !== SPACE) this.#at++;
    if (family === 4) {
      const word = this.#wordOf(from);
      into[0] = word;
      return word >= 0;
    }
    const address = parseAddress(this.#text.slice(from, this.#at));
    if (address?.family !== 6) return false;
    into.set(address.words);
    return true;
  }

  /** An IPv4 address from there to the cursor; -1 where it is none. nft prints no zeros before a number. */
  #wordOf(from: number): number {
    let [word, byte, dots] = [0, -1, 0];
    for (let at = from; at < this.#at; at++) {
      const code = this.#text.charCodeAt(at);
      if (code >= ZERO && code <= NINE) {
        byte = (byte < 0 ? 0 : byte * 10) + code - ZERO;
        if (byte > 255) return -1;
      } else if (code === DOT && byte >= 0) {
        word = word * 256 + byte;
        byte = -1;
        dots++;
      } else return -1;
    }
    return dots === 3 && byte >= 0 ? word * 256 + byte : -1;
  }
}
