/**
 * The inner loop of inflating, in WebAssembly's text form: one block of deflate, its codes given as tables.
 *
 * In:    nothing. Out: the source, and what entries of the tables mean.
 * Holds: it reads up to `READ_PAST` bytes behind the input's end and writes up to `WRITE_PAST` bytes behind the output's;
 *        then it stops. Whether what it wrote is right is for the checksum to say.
 * Fails: never; the engine stops it where an address is beyond the memory.
 *
 * An entry is 32 bits. The lowest byte: bits to take from the input. Then
 * - a literal: bit 31 set, the byte in bits 16 to 23; with `PAIR`, another of seven bits in bits 24 to 30;
 * - a length or a distance: its base in bits 16 to 30, the bits of its code without the extra ones in bits 8 to 11;
 * - `OTHER_TABLE`: the place of the second table in bits 16 to 30, the bits of its index in bits 8 to 11;
 * - `BLOCK_END`; `NO_CODE`: no code begins so.
 *
 * @see RFC 1951
 */
export const LITERAL = 0x8000_0000;
export const PAIR = 0x100;
const SPECIAL = 0x8000;
const STOP = 0x4000;
export const OTHER_TABLE = SPECIAL;
export const BLOCK_END = SPECIAL | STOP;
export const NO_CODE = SPECIAL | STOP | 0x2000;

/** Bits of the index of a first table. */
export const LITERAL_BITS = 11;
export const DISTANCE_BITS = 8;

/** A load is 8 bytes wide. */
export const READ_PAST = 32;
/** Six literals, the longest match, and the width of a store. */
export const WRITE_PAST = 320;

/** Where the state of the input and the output stands: bits that were loaded, how many (in the lowest byte), next byte, next place. */
export const STATE = { bits: 0, left: 8, from: 12, to: 16 } as const;

/** Why it stopped: the last entry, 0 where an end was reached, 1 where a match begins before the output. */
export const ENDED = 0;
export const TOO_FAR = 1;

/** At least 56 bits. */
const REFILL = `
  (local.set $bits (i64.or (local.get $bits)
    (i64.shl (i64.load (local.get $from)) (i64.extend_i32_u (local.get $left)))))
  (local.set $from (i32.add (local.get $from) (i32.sub (i32.const 7)
    (i32.and (i32.shr_u (local.get $left) (i32.const 3)) (i32.const 7)))))
  (local.set $left (i32.or (local.get $left) (i32.const 56)))`;
/** The entry of the next literal or length. */
const LOOK = `
  (local.set $entry (i32.load (i32.add (local.get $literals) (i32.shl
    (i32.and (i32.wrap_i64 (local.get $bits)) (i32.const ${(1 << LITERAL_BITS) - 1})) (i32.const 2)))))`;
const TAKE = `
  (local.set $before (local.get $bits))
  (local.set $bits (i64.shr_u (local.get $bits) (i64.extend_i32_u (local.get $entry))))
  (local.set $left (i32.sub (local.get $left) (local.get $entry)))`;
const PUT = `
  (i32.store16 (local.get $to) (i32.and (i32.shr_u (local.get $entry) (i32.const 16)) (i32.const 0x7fff)))
  (local.set $to (i32.add (local.get $to) (i32.add
    (i32.const 1) (i32.and (i32.shr_u (local.get $entry) (i32.const 8)) (i32.const 1)))))`;
/** Base and extra bits of what was taken. */
const VALUE = `
  (i32.add
    (i32.and (i32.shr_u (local.get $entry) (i32.const 16)) (i32.const 0x7fff))
    (i32.shr_u
      (i32.and (i32.wrap_i64 (local.get $before))
        (i32.sub (i32.shl (i32.const 1) (i32.and (local.get $entry) (i32.const 31))) (i32.const 1)))
      (i32.and (i32.shr_u (local.get $entry) (i32.const 8)) (i32.const 15))))`;
const second = (table: string): string => `
  (local.set $entry (i32.load (i32.add (local.get ${table}) (i32.shl
    (i32.add
      (i32.shr_u (local.get $entry) (i32.const 16))
      (i32.and (i32.wrap_i64 (local.get $bits)) (i32.sub
        (i32.shl (i32.const 1) (i32.and (i32.shr_u (local.get $entry) (i32.const 8)) (i32.const 15))) (i32.const 1))))
    (i32.const 2)))))`;

export const INFLATE_CODE = `
;; Inflates until a block, the input or the output ends. Gives why.
(func $block (export "block")
  (param $state i32) (param $literals i32) (param $distances i32) (param $fromEnd i32) (param $begin i32) (param $toEnd i32)
  (result i32)
  (local $bits i64) (local $left i32) (local $from i32) (local $to i32) (local $entry i32) (local $before i64)
  (local $length i32) (local $distance i32) (local $at i32) (local $end i32) (local $why i32) (local $byte v128)
  (local.set $bits (i64.load offset=${STATE.bits} (local.get $state)))
  (local.set $left (i32.load offset=${STATE.left} (local.get $state)))
  (local.set $from (i32.load offset=${STATE.from} (local.get $state)))
  (local.set $to (i32.load offset=${STATE.to} (local.get $state)))
  ${REFILL}
  ${LOOK}
  (block $stop
    (loop $next
      (br_if $stop (i32.or
        (i32.gt_u (local.get $from) (local.get $fromEnd))
        (i32.gt_u (local.get $to) (local.get $toEnd))))
      (block $match
        (block $other
          ${TAKE}
          (br_if $other (i32.eqz (i32.lt_s (local.get $entry) (i32.const 0))))
          ${PUT}
          ${LOOK}
          ${TAKE}
          (br_if $other (i32.eqz (i32.lt_s (local.get $entry) (i32.const 0))))
          ${PUT}
          ${LOOK}
          ${TAKE}
          (br_if $other (i32.eqz (i32.lt_s (local.get $entry) (i32.const 0))))
          ${PUT}
          ${REFILL}
          ${LOOK}
          (br $next))
        (br_if $match (i32.eqz (i32.and (local.get $entry) (i32.const ${SPECIAL}))))
        (local.set $why (local.get $entry))
        (br_if $stop (i32.and (local.get $entry) (i32.const ${STOP})))
        ${second('$literals')}
        ${TAKE}
        (if (i32.lt_s (local.get $entry) (i32.const 0)) (then
          ${PUT}
          ${REFILL}
          ${LOOK}
          (local.set $why (i32.const ${ENDED}))
          (br $next)))
        (local.set $why (local.get $entry))
        (br_if $stop (i32.and (local.get $entry) (i32.const ${SPECIAL})))
        (local.set $why (i32.const ${ENDED})))
      (local.set $length ${VALUE})
      ;; A distance has up to 15 bits and 13 more.
      (if (i32.lt_u (i32.and (local.get $left) (i32.const 63)) (i32.const 28)) (then ${REFILL}))
      (local.set $entry (i32.load (i32.add (local.get $distances) (i32.shl
        (i32.and (i32.wrap_i64 (local.get $bits)) (i32.const ${(1 << DISTANCE_BITS) - 1})) (i32.const 2)))))
      ${TAKE}
      (if (i32.and (local.get $entry) (i32.const ${SPECIAL})) (then
        (local.set $why (local.get $entry))
        (br_if $stop (i32.and (local.get $entry) (i32.const ${STOP})))
        ${second('$distances')}
        ${TAKE}
        (local.set $why (local.get $entry))
        (br_if $stop (i32.and (local.get $entry) (i32.const ${SPECIAL})))
        (local.set $why (i32.const ${ENDED}))))
      (local.set $distance ${VALUE})
      (local.set $at (i32.sub (local.get $to) (local.get $distance)))
      (local.set $why (i32.const ${TOO_FAR}))
      (br_if $stop (i32.lt_u (i32.sub (local.get $to) (local.get $begin)) (local.get $distance)))
      (local.set $why (i32.const ${ENDED}))
      ${REFILL}
      ${LOOK}
      (local.set $end (i32.add (local.get $to) (local.get $length)))
      (block $copied
        (if (i32.ge_u (local.get $distance) (i32.const 16)) (then
          (v128.store (local.get $to) (v128.load (local.get $at)))
          (br_if $copied (i32.le_u (local.get $length) (i32.const 16)))
          (loop $wide
            (local.set $to (i32.add (local.get $to) (i32.const 16)))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (v128.store (local.get $to) (v128.load (local.get $at)))
            (br_if $wide (i32.lt_u (local.get $to) (local.get $end))))
          (br $copied)))
        (if (i32.eq (local.get $distance) (i32.const 1)) (then
          (local.set $byte (i8x16.splat (i32.load8_u (local.get $at))))
          (loop $same
            (v128.store (local.get $to) (local.get $byte))
            (local.set $to (i32.add (local.get $to) (i32.const 16)))
            (br_if $same (i32.lt_u (local.get $to) (local.get $end))))
          (br $copied)))
        (if (i32.ge_u (local.get $distance) (i32.const 8)) (then
          (loop $narrow
            (i64.store (local.get $to) (i64.load (local.get $at)))
            (local.set $to (i32.add (local.get $to) (i32.const 8)))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br_if $narrow (i32.lt_u (local.get $to) (local.get $end))))
          (br $copied)))
        ;; Each store writes one period that is right.
        (loop $period
          (i64.store (local.get $to) (i64.load (local.get $at)))
          (local.set $to (i32.add (local.get $to) (local.get $distance)))
          (local.set $at (i32.add (local.get $at) (local.get $distance)))
          (br_if $period (i32.lt_u (local.get $to) (local.get $end)))))
      (local.set $to (local.get $end))
      (br $next)))
  (i64.store offset=${STATE.bits} (local.get $state) (local.get $bits))
  (i32.store offset=${STATE.left} (local.get $state) (local.get $left))
  (i32.store offset=${STATE.from} (local.get $state) (local.get $from))
  (i32.store offset=${STATE.to} (local.get $state) (local.get $to))
  (local.get $why))
`;
