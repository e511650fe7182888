/**
 * The inner loops of writing a database file of DuckDB: checksums of blocks, bounds of values, bits. In WebAssembly's text form.
 *
 * In:    nothing. Out: the source.
 * Holds: `wordRange` reads up to 8 bytes behind the last text.
 * Fails: never; the engine stops it where an address is beyond the memory.
 *
 * Not in JavaScript because there a product of 64 bits is an object: checksums alone would take longer than reading the text.
 */
export const DUCKDB_BLOCKS_CODE = `
;; Stores at $at the checksum of what stands behind it: each 8 bytes times a number, all joined by xor.
(func $seal (export "seal") (param $at i32) (param $end i32)
  (local $from i32) (local $sum i64) (local $other i64)
  (local.set $sum (i64.const 5381))
  (local.set $from (i32.add (local.get $at) (i32.const 8)))
  (block $single
    (br_if $single (i32.eqz (i32.and (i32.sub (local.get $end) (local.get $from)) (i32.const 8))))
    (local.set $sum (i64.xor (local.get $sum) (i64.mul (i64.load (local.get $from)) (i64.const 0xbf58476d1ce4e5b9))))
    (local.set $from (i32.add (local.get $from) (i32.const 8))))
  (loop $pair
    (local.set $sum (i64.xor (local.get $sum) (i64.mul (i64.load (local.get $from)) (i64.const 0xbf58476d1ce4e5b9))))
    (local.set $other
      (i64.xor (local.get $other) (i64.mul (i64.load offset=8 (local.get $from)) (i64.const 0xbf58476d1ce4e5b9))))
    (local.set $from (i32.add (local.get $from) (i32.const 16)))
    (br_if $pair (i32.lt_u (local.get $from) (local.get $end))))
  (i64.store (local.get $at) (i64.xor (local.get $sum) (local.get $other))))

;; The smallest and the largest of numbers of 4 bytes, as numbers of 8 bytes at $out.
(func $range32 (export "range32") (param $from i32) (param $end i32) (param $out i32)
  (local $least i32) (local $most i32) (local $value i32)
  (local.set $least (i32.load (local.get $from)))
  (local.set $most (local.get $least))
  (loop $next
    (local.set $value (i32.load (local.get $from)))
    (local.set $least
      (select (local.get $value) (local.get $least) (i32.lt_s (local.get $value) (local.get $least))))
    (local.set $most
      (select (local.get $value) (local.get $most) (i32.gt_s (local.get $value) (local.get $most))))
    (local.set $from (i32.add (local.get $from) (i32.const 4)))
    (br_if $next (i32.lt_u (local.get $from) (local.get $end))))
  (i32.store (local.get $out) (local.get $least))
  (i32.store offset=4 (local.get $out) (i32.shr_s (local.get $least) (i32.const 31)))
  (i32.store offset=8 (local.get $out) (local.get $most))
  (i32.store offset=12 (local.get $out) (i32.shr_s (local.get $most) (i32.const 31))))

;; The same of numbers of 8 bytes.
(func $range64 (export "range64") (param $from i32) (param $end i32) (param $out i32)
  (local $least i64) (local $most i64) (local $value i64)
  (local.set $least (i64.load (local.get $from)))
  (local.set $most (local.get $least))
  (loop $next
    (local.set $value (i64.load (local.get $from)))
    (local.set $least
      (select (local.get $value) (local.get $least) (i64.lt_s (local.get $value) (local.get $least))))
    (local.set $most
      (select (local.get $value) (local.get $most) (i64.lt_s (local.get $most) (local.get $value))))
    (local.set $from (i32.add (local.get $from) (i32.const 8)))
    (br_if $next (i32.lt_u (local.get $from) (local.get $end))))
  (i64.store (local.get $out) (local.get $least))
  (i64.store offset=8 (local.get $out) (local.get $most)))

;; Numbers of texts, in $width bits each, the first in the lowest: $count less what stands at $from, and 0 for a row whose bit
;; at $valid is 0; the bit of the first row is number $first there. Without $valid every row has a text.
(func $pack (export "pack")
  (param $from i32) (param $rows i32) (param $count i32) (param $width i32) (param $valid i32) (param $first i32)
  (param $out i32)
  (local $end i32) (local $held i64) (local $bits i32) (local $value i32)
  (local.set $end (i32.add (local.get $from) (i32.shl (local.get $rows) (i32.const 2))))
  (loop $next
    (local.set $value (i32.sub (local.get $count) (i32.load (local.get $from))))
    (if (local.get $valid)
      (then
        (local.set $value (select (local.get $value) (i32.const 0)
          (i32.and (i32.const 1) (i32.shr_u
            (i32.load8_u (i32.add (local.get $valid) (i32.shr_u (local.get $first) (i32.const 3))))
            (i32.and (local.get $first) (i32.const 7))))))
        (local.set $first (i32.add (local.get $first) (i32.const 1)))))
    (local.set $held (i64.or (local.get $held)
      (i64.shl (i64.extend_i32_u (local.get $value)) (i64.extend_i32_u (local.get $bits)))))
    (local.set $bits (i32.add (local.get $bits) (local.get $width)))
    (if (i32.ge_u (local.get $bits) (i32.const 32))
      (then
        (i32.store (local.get $out) (i32.wrap_i64 (local.get $held)))
        (local.set $held (i64.shr_u (local.get $held) (i64.const 32)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $bits (i32.sub (local.get $bits) (i32.const 32)))))
    (local.set $from (i32.add (local.get $from) (i32.const 4)))
    (br_if $next (i32.lt_u (local.get $from) (local.get $end))))
  (if (local.get $bits) (then (i32.store (local.get $out) (i32.wrap_i64 (local.get $held))))))

;; The bytes of a number the other way round.
(func $turned (param $x i64) (result i64)
  (local.set $x (i64.or
    (i64.and (i64.shr_u (local.get $x) (i64.const 8)) (i64.const 0x00ff00ff00ff00ff))
    (i64.shl (i64.and (local.get $x) (i64.const 0x00ff00ff00ff00ff)) (i64.const 8))))
  (local.set $x (i64.or
    (i64.and (i64.shr_u (local.get $x) (i64.const 16)) (i64.const 0x0000ffff0000ffff))
    (i64.shl (i64.and (local.get $x) (i64.const 0x0000ffff0000ffff)) (i64.const 16))))
  (i64.or (i64.shr_u (local.get $x) (i64.const 32)) (i64.shl (local.get $x) (i64.const 32))))

;; Of texts that end at $end: $count words at $ends say how far before $end each begins, the next ending where it begins.
;; Stores at $out the first 8 bytes of the first and of the last of them by their bytes, with zeros behind short ones, then as
;; a number of 4 bytes the length of the longest, and as another whether one has a byte beyond ASCII.
(func $wordRange (export "wordRange") (param $ends i32) (param $count i32) (param $end i32) (param $out i32)
  (local $least i64) (local $most i64) (local $value i64) (local $before i32) (local $back i32) (local $size i32)
  (local $longest i32) (local $at i32) (local $bits i64)
  (local.set $least (i64.const -1))
  (loop $next
    (local.set $back (i32.load (local.get $ends)))
    (local.set $size (i32.sub (local.get $back) (local.get $before)))
    (local.set $before (local.get $back))
    (local.set $longest
      (select (local.get $size) (local.get $longest) (i32.gt_u (local.get $size) (local.get $longest))))
    (local.set $value (i64.load (i32.sub (local.get $end) (local.get $back))))
    (if (i32.lt_u (local.get $size) (i32.const 8))
      (then
        (local.set $value (i64.and (local.get $value) (i64.sub
          (i64.shl (i64.const 1) (i64.extend_i32_u (i32.shl (local.get $size) (i32.const 3))))
          (i64.const 1))))))
    (local.set $value (call $turned (local.get $value)))
    (local.set $least
      (select (local.get $value) (local.get $least) (i64.gt_u (local.get $least) (local.get $value))))
    (local.set $most
      (select (local.get $value) (local.get $most) (i64.gt_u (local.get $value) (local.get $most))))
    (local.set $ends (i32.add (local.get $ends) (i32.const 4)))
    (local.set $count (i32.sub (local.get $count) (i32.const 1)))
    (br_if $next (local.get $count)))
  (i64.store (local.get $out) (call $turned (local.get $least)))
  (i64.store offset=8 (local.get $out) (call $turned (local.get $most)))
  (i32.store offset=16 (local.get $out) (local.get $longest))
  (local.set $at (i32.sub (local.get $end) (local.get $before)))
  (block $whole
    (loop $eight
      (br_if $whole (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $end)))
      (local.set $bits (i64.or (local.get $bits) (i64.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br $eight)))
  (block $done
    (loop $one
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $bits (i64.or (local.get $bits) (i64.extend_i32_u (i32.load8_u (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $one)))
  (i32.store offset=20 (local.get $out)
    (i64.ne (i64.and (local.get $bits) (i64.const 0x8080808080808080)) (i64.const 0))))
`;
