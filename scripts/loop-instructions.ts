/**
 * The instructions that loops written in TypeScript are made of.
 *
 * In:    nothing. Out: tables for `compile-loops.ts`, by the words of TypeScript.
 */

/** What a value is: an integer of 32 bits, the same without a sign, a Double. */
export type Kind = 'i32' | 'u32' | 'f64';

export const VIEWS: Readonly<
  Record<string, { readonly shift: number; readonly load: string; readonly store: string }>
> = {
  u8: { shift: 0, load: 'i32.load8_u', store: 'i32.store8' },
  u16: { shift: 1, load: 'i32.load16_u', store: 'i32.store16' },
  i32: { shift: 2, load: 'i32.load', store: 'i32.store' },
  f64: { shift: 3, load: 'f64.load', store: 'f64.store' },
};
/** Methods of `view`. */
export const VIEW_LOADS: Readonly<Record<string, string>> = { getUint32: 'i32.load', getFloat64: 'f64.load' };
export const VIEW_STORES: Readonly<Record<string, readonly [store: string, kind: Kind]>> = {
  setUint16: ['i32.store16', 'i32'],
  setUint32: ['i32.store', 'i32'],
  setFloat64: ['f64.store', 'f64'],
};
export const ARITHMETIC: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'shl',
  '>>': 'shr_s',
  '>>>': 'shr_u',
};
export const COMPARISONS: Readonly<Record<string, string>> = {
  '===': 'eq',
  '!==': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
