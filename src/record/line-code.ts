/**
 * The inner loops of reading records: where fields end, numbers, distinct texts. In WebAssembly's text form.
 *
 * In:    nothing. Out: the source, and the places in memory that both sides know.
 * Holds: `scan` stops before the first line that is not as it should be; `ints` and `words` before the first value. They
 *        read up to 64 bytes behind the last line and 8 before the first.
 * Fails: never; the engine stops it where an address is beyond the memory.
 *
 * Not in JavaScript because 16 bytes are looked at with one instruction: the ends of fields are found at 2 GB/s, and a
 * value is compared with the one before it in two steps. Together three times as fast as code made from the header.
 */
/** A line with more bytes before its newline is broken, whatever it holds: so much of one is kept at most. */
export const LONGEST_LINE = 65_536;

/** Where `scan` stopped, and why. */
export const STOPPED_AT = 0;
export const REASON = 4;
/** All was read, or as many rows as were asked for. */
export const DONE = 0;
/** Of `scan`: a line with another number of fields, an empty one, one too long. */
export const ODD = 1;
/** Of `scan`: a line that begins as the header does. */
export const HEADER = 2;
/** Of `words`: no room for another text. */
export const FULL = 3;
/** Of `words`: a text that is not ASCII. */
export const LOOK = 4;
/** 16 bytes of ones, then 16 of zeros: the first n bytes of a vector are those of the mask that begins n bytes before the zeros. */
export const ONES = 64;
/** What stands behind. */
export const FREE = 128;

/** Places of a column of texts, in bytes behind the address of its state. */
export const STATE = {
  table: 0,
  mask: 4,
  starts: 8,
  bytes: 12,
  room: 16,
  count: 20,
  last: 24,
  lastAt: 28,
  lastLength: 32,
  most: 36,
  /** Texts that there is a place for in `starts`. */
  limit: 40,
  size: 64,
} as const;

export const LINE_CODE = `
;; Bits of the 64 bytes from $at on that end a field.
(func $ends (param $at i32) (result i64)
  (local $space v128)
  (local.set $space (i8x16.splat (i32.const 32)))
  (i64.or
    (i64.or
      (i64.extend_i32_u (i8x16.bitmask (i8x16.le_u (v128.load (local.get $at)) (local.get $space))))
      (i64.shl
        (i64.extend_i32_u (i8x16.bitmask (i8x16.le_u (v128.load offset=16 (local.get $at)) (local.get $space))))
        (i64.const 16)))
    (i64.or
      (i64.shl
        (i64.extend_i32_u (i8x16.bitmask (i8x16.le_u (v128.load offset=32 (local.get $at)) (local.get $space))))
        (i64.const 32))
      (i64.shl
        (i64.extend_i32_u (i8x16.bitmask (i8x16.le_u (v128.load offset=48 (local.get $at)) (local.get $space))))
        (i64.const 48)))))

;; Reads the lines in [$from, $to), the last of which ends. For each row: the place before its line, then the place of
;; each field's end. Gives the number of rows.
(func $scan (export "scan")
  (param $from i32) (param $to i32) (param $fields i32) (param $most i32) (param $out i32)
  (param $header i64) (param $headerMask i64) (param $trusted i32) (result i32)
  (local $at i32) (local $bits i64) (local $start i32) (local $left i32)
  (local $before i32) (local $place i32) (local $c i32) (local $rows i32)
  (local.set $at (local.get $from))
  (local.set $bits (call $ends (local.get $from)))
  (local.set $start (local.get $from))
  (block $odd
    (loop $line
      (i32.store (i32.const ${REASON}) (i32.const ${HEADER}))
      (br_if $odd (i32.and
        (i32.eqz (local.get $trusted))
        (i64.eq (i64.and (i64.load (local.get $start)) (local.get $headerMask)) (local.get $header))))
      (local.set $trusted (i32.const 0))
      (i32.store (i32.const ${REASON}) (i32.const ${ODD}))
      (local.set $before (i32.sub (local.get $start) (i32.const 1)))
      (i32.store (local.get $out) (local.get $before))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (local.set $left (local.get $fields))
      (loop $field
        (loop $search
          (if (i64.eqz (local.get $bits)) (then
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (local.set $bits (call $ends (local.get $at)))
            (br $search))))
        (local.set $place (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $bits)))))
        (local.set $bits (i64.and (local.get $bits) (i64.sub (local.get $bits) (i64.const 1))))
        (br_if $odd (i32.eq (local.get $place) (i32.add (local.get $before) (i32.const 1))))
        (local.set $before (local.get $place))
        (i32.store (local.get $out) (local.get $place))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $c (i32.load8_u (local.get $place)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (if (local.get $left) (then
          (br_if $field (i32.eq (local.get $c) (i32.const 32)))
          (br $odd))))
      (if (i32.ne (local.get $c) (i32.const 10)) (then
        (br_if $odd (i32.ne (local.get $c) (i32.const 13)))
        (local.set $place (i32.add (local.get $place) (i32.const 1)))
        (br_if $odd (i32.ne (i32.load8_u (local.get $place)) (i32.const 10)))
        (local.set $at (i32.add (local.get $place) (i32.const 1)))
        (local.set $bits (call $ends (local.get $at)))))
      (br_if $odd (i32.gt_u (i32.sub (local.get $place) (local.get $start)) (i32.const ${LONGEST_LINE})))
      (local.set $rows (i32.add (local.get $rows) (i32.const 1)))
      (local.set $start (i32.add (local.get $place) (i32.const 1)))
      (br_if $line (i32.and
        (i32.lt_u (local.get $start) (local.get $to))
        (i32.lt_u (local.get $rows) (local.get $most))))
      (i32.store (i32.const ${REASON}) (i32.const ${DONE}))))
  (i32.store (i32.const ${STOPPED_AT}) (local.get $start))
  (local.get $rows))

;; Marks a row as absent.
(func $absent (param $bits i32) (param $row i32)
  (local.set $bits (i32.add (local.get $bits) (i32.shr_u (local.get $row) (i32.const 3))))
  (i32.store8 (local.get $bits) (i32.and
    (i32.load8_u (local.get $bits))
    (i32.xor (i32.shl (i32.const 1) (i32.and (local.get $row) (i32.const 7))) (i32.const 255)))))

;; The value of the one to eight digits before $end; -1 where one is none. All at once: tens and ones of neighbours, then
;; hundreds, then ten thousands.
(func $eight (param $end i32) (param $count i32) (result i64)
  (local $x i64) (local $unused i64)
  (local.set $unused (i64.shl (i64.extend_i32_u (i32.sub (i32.const 8) (local.get $count))) (i64.const 3)))
  (local.set $x (i64.xor
    (i64.load (i32.sub (local.get $end) (i32.const 8))) (i64.const 0x3030303030303030)))
  (local.set $x (i64.shl (i64.shr_u (local.get $x) (local.get $unused)) (local.get $unused)))
  (if (i64.ne (i64.const 0) (i64.and
      (i64.or (i64.add (local.get $x) (i64.const 0x7676767676767676)) (local.get $x))
      (i64.const 0x8080808080808080)))
    (then (return (i64.const -1))))
  (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 10)) (i64.shr_u (local.get $x) (i64.const 8))))
  (i64.shr_u
    (i64.add
      (i64.mul (i64.and (local.get $x) (i64.const 0x000000ff000000ff)) (i64.const 0x000f424000000064))
      (i64.mul
        (i64.and (i64.shr_u (local.get $x) (i64.const 16)) (i64.const 0x000000ff000000ff))
        (i64.const 0x0000271000000001)))
    (i64.const 32)))

;; The value of any number of digits; -1 where one is none or the value is beyond an i64.
(func $long (param $from i32) (param $to i32) (result i64)
  (local $value i64) (local $digit i32)
  (loop $next
    (local.set $digit (i32.sub (i32.load8_u (local.get $from)) (i32.const 48)))
    (if (i32.gt_u (local.get $digit) (i32.const 9)) (then (return (i64.const -1))))
    (if (i64.gt_u (local.get $value) (i64.const 922337203685477580)) (then (return (i64.const -1))))
    (local.set $value
      (i64.add (i64.mul (local.get $value) (i64.const 10)) (i64.extend_i32_u (local.get $digit))))
    (if (i64.lt_s (local.get $value) (i64.const 0)) (then (return (i64.const -1))))
    (local.set $from (i32.add (local.get $from) (i32.const 1)))
    (br_if $next (i32.ne (local.get $from) (local.get $to))))
  (local.get $value))

;; Reads a field of $count rows as numbers. $ends is where the first row has the end of the field before it.
(func $ints (export "ints")
  (param $ends i32) (param $stride i32) (param $count i32) (param $out i32) (param $wide i32)
  (param $bits i32) (param $bit i32) (result i32)
  (local $row i32) (local $from i32) (local $to i32) (local $length i32) (local $value i64) (local $upper i64)
  (block $bad
    (loop $next
      (br_if $bad (i32.eq (local.get $row) (local.get $count)))
      (local.set $from (i32.add (i32.load (local.get $ends)) (i32.const 1)))
      (local.set $to (i32.load offset=4 (local.get $ends)))
      (local.set $length (i32.sub (local.get $to) (local.get $from)))
      (block $read
        (if (i32.le_u (local.get $length) (i32.const 8)) (then
          (local.set $value (call $eight (local.get $to) (local.get $length)))
          (if (i64.lt_s (local.get $value) (i64.const 0)) (then
            (br_if $bad (i32.ne (local.get $length) (i32.const 1)))
            (br_if $bad (i32.ne (i32.load8_u (local.get $from)) (i32.const 45)))
            (call $absent (local.get $bits) (i32.add (local.get $bit) (local.get $row)))
            (local.set $value (i64.const 0))))
          (br $read)))
        (if (i32.le_u (local.get $length) (i32.const 16)) (then
          (local.set $value (call $eight (local.get $to) (i32.const 8)))
          (br_if $bad (i64.lt_s (local.get $value) (i64.const 0)))
          (local.set $upper (call $eight
            (i32.sub (local.get $to) (i32.const 8)) (i32.sub (local.get $length) (i32.const 8))))
          (br_if $bad (i64.lt_s (local.get $upper) (i64.const 0)))
          (local.set $value
            (i64.add (local.get $value) (i64.mul (local.get $upper) (i64.const 100000000))))
          (br $read)))
        (local.set $value (call $long (local.get $from) (local.get $to)))
        (br_if $bad (i64.lt_s (local.get $value) (i64.const 0))))
      (if (local.get $wide)
        (then
          (i64.store (local.get $out) (local.get $value))
          (local.set $out (i32.add (local.get $out) (i32.const 8))))
        (else
          (br_if $bad (i64.gt_u (local.get $value) (i64.const 2147483647)))
          (i32.store (local.get $out) (i32.wrap_i64 (local.get $value)))
          (local.set $out (i32.add (local.get $out) (i32.const 4)))))
      (local.set $ends (i32.add (local.get $ends) (local.get $stride)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br $next)))
  (local.get $row))

;; Whether two texts are equal.
(func $same (param $a i32) (param $b i32) (param $length i32) (result i32)
  (loop $next
    (if (i32.ge_u (local.get $length) (i32.const 16)) (then
      (if (v128.any_true (v128.xor (v128.load (local.get $a)) (v128.load (local.get $b))))
        (then (return (i32.const 0))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (local.set $length (i32.sub (local.get $length) (i32.const 16)))
      (br $next))))
  (i32.eqz (v128.any_true (v128.and
    (v128.xor (v128.load (local.get $a)) (v128.load (local.get $b)))
    (v128.load (i32.sub (i32.const ${ONES + 16}) (local.get $length)))))))

(func $mix (param $hash i64) (param $part v128) (result i64)
  (local.set $hash (i64.mul
    (i64.xor (local.get $hash) (i64x2.extract_lane 0 (local.get $part))) (i64.const 0x9e3779b97f4a7c15)))
  (local.set $hash (i64.mul
    (i64.xor
      (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 32)))
      (i64x2.extract_lane 1 (local.get $part)))
    (i64.const 0xc2b2ae3d27d4eb4f)))
  (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 29))))

;; All bits of it depend on all bytes: words that count up must not share hashes.
(func $hash (param $at i32) (param $length i32) (result i32)
  (local $hash i64)
  (local.set $hash (i64.extend_i32_u (local.get $length)))
  (loop $next
    (if (i32.gt_u (local.get $length) (i32.const 16)) (then
      (local.set $hash (call $mix (local.get $hash) (v128.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $length (i32.sub (local.get $length) (i32.const 16)))
      (br $next))))
  (local.set $hash (call $mix (local.get $hash) (v128.and
    (v128.load (local.get $at))
    (v128.load (i32.sub (i32.const ${ONES + 16}) (local.get $length))))))
  (i32.wrap_i64 (local.get $hash)))

(func $isAscii (param $at i32) (param $length i32) (result i32)
  (loop $next
    (if (i32.gt_u (local.get $length) (i32.const 16)) (then
      (if (i8x16.bitmask (v128.load (local.get $at))) (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $length (i32.sub (local.get $length) (i32.const 16)))
      (br $next))))
  (i32.eqz (i8x16.bitmask (v128.and
    (v128.load (local.get $at))
    (v128.load (i32.sub (i32.const ${ONES + 16}) (local.get $length)))))))

;; Four times as many places for the words of a column.
(func $grow (param $s i32)
  (local $mask i32) (local $table i32) (local $word i32) (local $start i32) (local $place i32)
  (local $hash i32) (local $starts i32)
  (local.set $mask (i32.or (i32.shl (i32.load offset=${STATE.mask} (local.get $s)) (i32.const 2)) (i32.const 3)))
  (if (i32.gt_u (local.get $mask) (i32.load offset=${STATE.most} (local.get $s)))
    (then (local.set $mask (i32.load offset=${STATE.most} (local.get $s)))))
  (i32.store offset=${STATE.mask} (local.get $s) (local.get $mask))
  (local.set $table (i32.load offset=${STATE.table} (local.get $s)))
  (local.set $starts (i32.load offset=${STATE.starts} (local.get $s)))
  (memory.fill (local.get $table) (i32.const 0)
    (i32.shl (i32.add (local.get $mask) (i32.const 1)) (i32.const 3)))
  (loop $next
    (local.set $start (i32.load (local.get $starts)))
    (local.set $hash (call $hash
      (i32.add (i32.load offset=${STATE.bytes} (local.get $s)) (local.get $start))
      (i32.sub (i32.load offset=4 (local.get $starts)) (local.get $start))))
    (local.set $place (local.get $hash))
    (loop $probe
      (local.set $place (i32.and (local.get $place) (local.get $mask)))
      (if (i32.load offset=4 (i32.add (local.get $table) (i32.shl (local.get $place) (i32.const 3)))) (then
        (local.set $place (i32.add (local.get $place) (i32.const 1)))
        (br $probe))))
    (local.set $word (i32.add (local.get $word) (i32.const 1)))
    (local.set $place (i32.add (local.get $table) (i32.shl (local.get $place) (i32.const 3))))
    (i32.store (local.get $place) (local.get $hash))
    (i32.store offset=4 (local.get $place) (local.get $word))
    (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
    (br_if $next (i32.lt_u (local.get $word) (i32.load offset=${STATE.count} (local.get $s))))))

;; Reads a field of $count rows as texts: the number of each among the distinct ones. A place of the table has the hash and
;; the number + 1. The text of the row before is tried first: most columns repeat.
(func $words (export "words")
  (param $ends i32) (param $stride i32) (param $count i32) (param $out i32)
  (param $bits i32) (param $bit i32) (param $s i32) (param $trusted i32) (result i32)
  (local $row i32) (local $from i32) (local $length i32) (local $word i32) (local $at i32) (local $lastLength i32)
  (local $hash i32) (local $place i32) (local $entry i32) (local $used i32) (local $k i32)
  (local $table i32) (local $starts i32) (local $bytes i32)
  (local.set $word (i32.load offset=${STATE.last} (local.get $s)))
  (local.set $at (i32.load offset=${STATE.lastAt} (local.get $s)))
  (local.set $lastLength (i32.load offset=${STATE.lastLength} (local.get $s)))
  (local.set $table (i32.load offset=${STATE.table} (local.get $s)))
  (local.set $starts (i32.load offset=${STATE.starts} (local.get $s)))
  (local.set $bytes (i32.load offset=${STATE.bytes} (local.get $s)))
  (i32.store (i32.const ${REASON}) (i32.const ${DONE}))
  (block $stop
    (loop $next
      (br_if $stop (i32.eq (local.get $row) (local.get $count)))
      (local.set $from (i32.add (i32.load (local.get $ends)) (i32.const 1)))
      (local.set $length (i32.sub (i32.load offset=4 (local.get $ends)) (local.get $from)))
      (block $stored
        (block $known
          (if (i32.eq (local.get $length) (local.get $lastLength)) (then
            (br_if $known (call $same (local.get $from) (local.get $at) (local.get $length)))))
          (if (i32.eq (local.get $length) (i32.const 1)) (then
            (if (i32.eq (i32.load8_u (local.get $from)) (i32.const 45)) (then
              (call $absent (local.get $bits) (i32.add (local.get $bit) (local.get $row)))
              (i32.store (local.get $out) (i32.const 0))
              (br $stored)))))
          (local.set $hash (call $hash (local.get $from) (local.get $length)))
          (local.set $place (local.get $hash))
          (loop $probe
            (local.set $entry (i32.add (local.get $table) (i32.shl
              (i32.and (local.get $place) (i32.load offset=${STATE.mask} (local.get $s)))
              (i32.const 3))))
            (local.set $word (i32.load offset=4 (local.get $entry)))
            (if (local.get $word) (then
              (if (i32.eq (i32.load (local.get $entry)) (local.get $hash)) (then
                (local.set $word (i32.sub (local.get $word) (i32.const 1)))
                (local.set $k (i32.add (local.get $starts) (i32.shl (local.get $word) (i32.const 2))))
                (local.set $at (i32.load (local.get $k)))
                (local.set $lastLength (i32.sub (i32.load offset=4 (local.get $k)) (local.get $at)))
                (local.set $at (i32.add (local.get $at) (local.get $bytes)))
                (if (i32.eq (local.get $lastLength) (local.get $length)) (then
                  (br_if $known (call $same (local.get $from) (local.get $at) (local.get $length)))))))
              (local.set $place (i32.add (local.get $place) (i32.const 1)))
              (br $probe))))
          (local.set $lastLength (i32.const 0))
          (local.set $word (i32.load offset=${STATE.count} (local.get $s)))
          (local.set $k (i32.add (local.get $starts) (i32.shl (local.get $word) (i32.const 2))))
          (local.set $used (i32.load (local.get $k)))
          (if (i32.or
              (i32.eq (local.get $word) (i32.load offset=${STATE.limit} (local.get $s)))
              (i32.gt_u
                (i32.add (i32.add (local.get $used) (local.get $length)) (i32.const 16))
                (i32.load offset=${STATE.room} (local.get $s))))
            (then
              (i32.store (i32.const ${REASON}) (i32.const ${FULL}))
              (br $stop)))
          (if (i32.eqz (i32.or (local.get $trusted) (call $isAscii (local.get $from) (local.get $length)))) (then
            (i32.store (i32.const ${REASON}) (i32.const ${LOOK}))
            (br $stop)))
          (local.set $trusted (i32.const 0))
          (local.set $at (i32.add (local.get $bytes) (local.get $used)))
          (i32.store offset=4 (local.get $k) (i32.add (local.get $used) (local.get $length)))
          (i32.store (local.get $entry) (local.get $hash))
          (i32.store offset=4 (local.get $entry) (i32.add (local.get $word) (i32.const 1)))
          (i32.store offset=${STATE.count} (local.get $s) (i32.add (local.get $word) (i32.const 1)))
          (local.set $k (i32.const 0))
          (loop $copy
            (v128.store
              (i32.add (local.get $at) (local.get $k)) (v128.load (i32.add (local.get $from) (local.get $k))))
            (local.set $k (i32.add (local.get $k) (i32.const 16)))
            (br_if $copy (i32.lt_u (local.get $k) (local.get $length))))
          (local.set $lastLength (local.get $length))
          (if (i32.gt_u
              (i32.shl (local.get $word) (i32.const 1)) (i32.load offset=${STATE.mask} (local.get $s)))
            (then (call $grow (local.get $s)))))
        (i32.store (local.get $out) (local.get $word)))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (local.set $ends (i32.add (local.get $ends) (local.get $stride)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br $next)))
  (i32.store offset=${STATE.last} (local.get $s) (local.get $word))
  (i32.store offset=${STATE.lastAt} (local.get $s) (local.get $at))
  (i32.store offset=${STATE.lastLength} (local.get $s) (local.get $lastLength))
  (local.get $row))
`;
