/**
 * Objects as DuckDB serializes them: fields by number, and an end.
 *
 * In:    values. Out: bytes.
 * Holds: an object is its fields in the order of their numbers, then `end`; a field with its usual value is left out where the
 *        reader allows it. Numbers are in groups of seven bits, lowest first; signed ones go on until a group's highest
 *        bit is their sign.
 * Fails: never.
 *
 * @see DuckDB 1.5.6: src/common/serializer, src/include/duckdb/common/serializer/encoding_util.hpp
 */
import { PageBytes } from './page-bytes.ts';

const encoder = new TextEncoder();

/** Values, one behind the other. */
export class SerialBytes {
  readonly out: PageBytes = new PageBytes(4096);

  #byte(value: number): void {
    this.out.room(1);
    this.out.bytes[this.out.length++] = value;
  }

  /** A field's number; its value follows. */
  field(id: number): this {
    this.#byte(id & 255);
    this.#byte(id >> 8);
    return this;
  }

  /** The end of an object. */
  end(): this {
    return this.field(65_535);
  }

  /** A number without sign, of a list the count, `true` as 1. */
  unsigned(value: number | bigint): this {
    if (typeof value === 'bigint' && value > 0xffff_ffffn) {
      let rest = value;
      for (; rest > 127n; rest >>= 7n) this.#byte(Number(rest & 127n) | 128);
      this.#byte(Number(rest));
      return this;
    }
    let rest = Number(value);
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#byte((rest % 128) | 128);
    this.#byte(rest);
    return this;
  }

  /** A number with a sign. */
  signed(value: number | bigint): this {
    let rest = BigInt(value);
    while (rest > 63n || rest < -64n) {
      this.#byte(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.#byte(Number(rest & 127n));
    return this;
  }

  /** Bytes behind their count. */
  data(bytes: Uint8Array): this {
    this.unsigned(bytes.length);
    this.out.put(bytes);
    return this;
  }

  text(value: string): this {
    return this.data(encoder.encode(value));
  }
}
