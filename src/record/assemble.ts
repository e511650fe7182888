/**
 * Makes a WebAssembly module of its text form.
 *
 * In:    functions in folded form, as `(func $name (export "name") (param $a i32) (result i32) (local $b i64) …)`, and before
 *        them the memories, as `(memory $name)`; where there is none it is `$memory`. Out: the module's bytes, which
 *        imports each memory from `env`.
 * Holds: of the text form what our modules need: named locals, `block`, `loop`, `if`, calls, and the instructions of
 *        the table below. A load or store names its memory before its offset, where that is not the first. The engine
 *        checks what comes out, types and all.
 * Fails: with an Error that names the word, while the module is made.
 *
 * @see WebAssembly Core Specification 2.0, "Text Format" and "Binary Format"
 */
type Node = string | readonly Node[];

const TYPES: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };

/** Instructions without immediates. */
const PLAIN: Readonly<Record<string, number>> = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'i64.eqz': 0x50,
  'i64.eq': 0x51,
  'i64.ne': 0x52,
  'i64.lt_s': 0x53,
  'i64.gt_u': 0x56,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'f64.ge': 0x66,
  'i32.clz': 0x67,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_s': 0x6d,
  'i32.div_u': 0x6e,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_s': 0x75,
  'i32.shr_u': 0x76,
  'i64.ctz': 0x7a,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.xor': 0x85,
  'i64.shl': 0x86,
  'i64.shr_u': 0x88,
  'f64.floor': 0x9c,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_u': 0xad,
  'f64.convert_i32_s': 0xb7,
  'f64.convert_i32_u': 0xb8,
};
/** The same behind the vector prefix. */
const VECTOR: Readonly<Record<string, number>> = {
  'i8x16.splat': 0x0f,
  'i8x16.le_u': 0x2a,
  'v128.and': 0x4e,
  'v128.xor': 0x51,
  'v128.any_true': 0x53,
  'i8x16.bitmask': 0x64,
};
/** Opcode, and the alignment that is natural. */
const MEMORY: Readonly<Record<string, readonly [opcode: number, align: number]>> = {
  'i32.load': [0x28, 2],
  'i64.load': [0x29, 3],
  'f64.load': [0x2b, 3],
  'i32.load8_u': [0x2d, 0],
  'i32.load16_u': [0x2f, 1],
  'i32.store': [0x36, 2],
  'i64.store': [0x37, 3],
  'f64.store': [0x39, 3],
  'i32.store8': [0x3a, 0],
  'i32.store16': [0x3b, 1],
};
const VECTOR_MEMORY: Readonly<Record<string, number>> = { 'v128.load': 0x00, 'v128.store': 0x0b };
const VECTOR_PREFIX = 0xfd;
/** Bit of an alignment: the number of a memory follows. */
const OTHER_MEMORY = 0x40;
/** And the version. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const END = 0x0b;
const NO_RESULT = 0x40;

/** Signed LEB128. */
function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && byte < 64) || (rest === -1n && byte >= 64)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function listOf(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function nameOf(text: string): number[] {
  return sized(Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)));
}

function section(id: number, bytes: readonly number[]): number[] {
  return [id, ...sized(bytes)];
}

function read(source: string): Node[] {
  const words = source.replaceAll(/;;[^\n]*/g, '').match(/[()]|[^\s()]+/g) ?? [];
  const stack: Node[][] = [[]];
  for (const word of words) {
    if (word === '(') stack.push([]);
    else if (word === ')') {
      const node = stack.pop()!;
      stack.at(-1)!.push(node);
    } else stack.at(-1)!.push(word);
  }
  return stack[0]!;
}

function typeOf(name: Node | undefined): number {
  const type = typeof name === 'string' ? TYPES[name] : undefined;
  if (type === undefined) throw new Error(`no type: ${String(name)}`);
  return type;
}

/** A 64-bit constant may be written without sign. */
function constant(text: string, bits: number): number[] {
  return signed(BigInt.asIntN(bits, BigInt(text)));
}

type Scope = {
  readonly locals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  readonly memories: ReadonlyMap<string, number>;
};

/** The eight bytes of a number, the lowest first. */
function doubleBytes(value: number): number[] {
  return [...new Uint8Array(new Float64Array([value]).buffer)];
}

function indexOf(names: ReadonlyMap<string, number>, name: Node | undefined): number {
  const index = names.get(String(name));
  if (index === undefined) throw new Error(`no such name: ${String(name)}`);
  return index;
}

/** Code of a folded instruction; `labels` are those around it, the innermost last. */
function codeOf(node: Node, scope: Scope, labels: readonly string[]): number[] {
  if (typeof node === 'string') return codeOf([node], scope, labels);
  const [op, ...rest] = node;
  const all = (nodes: readonly Node[], around = labels): number[] => nodes.flatMap((one) => codeOf(one, scope, around));
  const name = String(op);
  if (name === 'block' || name === 'loop') {
    const label = String(rest[0]);
    return [name === 'block' ? 0x02 : 0x03, NO_RESULT, ...all(rest.slice(1), [...labels, label]), END];
  }
  if (name === 'if') {
    const result = Array.isArray(rest[0]) && rest[0][0] === 'result' ? (rest[0][1] as Node) : undefined;
    const [condition, then, otherwise] = result === undefined ? rest : rest.slice(1);
    const inside = [...labels, ''];
    const second = otherwise === undefined ? [] : [0x05, ...all((otherwise as Node[]).slice(1), inside)];
    return [
      ...codeOf(condition!, scope, labels),
      0x04,
      result === undefined ? NO_RESULT : typeOf(result),
      ...all((then as Node[]).slice(1), inside),
      ...second,
      END,
    ];
  }
  if (name === 'br' || name === 'br_if') {
    const depth = labels.length - 1 - labels.lastIndexOf(String(rest[0]));
    if (depth === labels.length) throw new Error(`no such label: ${String(rest[0])}`);
    return [...all(rest.slice(1)), name === 'br' ? 0x0c : 0x0d, ...unsigned(depth)];
  }
  if (name === 'i32.const') return [0x41, ...constant(String(rest[0]), 32)];
  if (name === 'f64.const') return [0x44, ...doubleBytes(Number(rest[0]))];
  if (name === 'i64.const') return [0x42, ...constant(String(rest[0]), 64)];
  const access = { 'local.get': 0x20, 'local.set': 0x21, 'local.tee': 0x22 }[name];
  if (access !== undefined) return [...all(rest.slice(1)), access, ...unsigned(indexOf(scope.locals, rest[0]))];
  if (name === 'call') return [...all(rest.slice(1)), 0x10, ...unsigned(indexOf(scope.functions, rest[0]))];
  if (name === 'i64x2.extract_lane') return [...all(rest.slice(1)), VECTOR_PREFIX, 0x1d, Number(rest[0])];
  if (name === 'i32.trunc_sat_f64_s') return [...all(rest), 0xfc, 0x02];
  if (name === 'memory.fill') return [...all(rest), 0xfc, 0x0b, 0];
  const named = scope.memories.get(String(rest[0]));
  const behind = named === undefined ? rest : rest.slice(1);
  const offset = /^offset=(\d+)$/.exec(String(behind[0]))?.[1];
  const operands = all(offset === undefined ? behind : behind.slice(1));
  const at = unsigned(Number(offset ?? 0));
  const memory = MEMORY[name];
  if (memory !== undefined) {
    const where = named === undefined || named === 0 ? [memory[1]] : [memory[1] | OTHER_MEMORY, ...unsigned(named)];
    return [...operands, memory[0], ...where, ...at];
  }
  const vectorMemory = VECTOR_MEMORY[name];
  if (vectorMemory !== undefined) return [...operands, VECTOR_PREFIX, vectorMemory, 0, ...at];
  const plain = PLAIN[name];
  if (plain !== undefined) return [...operands, plain];
  const vector = VECTOR[name];
  if (vector !== undefined) return [...operands, VECTOR_PREFIX, ...unsigned(vector)];
  throw new Error(`no such instruction: ${name}`);
}

/** Makes the module. */
export function assemble(source: string): Uint8Array<ArrayBuffer> {
  const all = read(source) as (readonly Node[])[];
  const functions = all.filter((node) => node[0] === 'func');
  const told = all.filter((node) => node[0] === 'memory').map((node) => String(node[1]));
  const memories = told.length === 0 ? ['$memory'] : told;
  const numbers = new Map(functions.map((node, at) => [String(node[1]), at]));
  const parts = (node: readonly Node[], kind: string): (readonly Node[])[] =>
    node.filter((each): each is readonly Node[] => Array.isArray(each) && each[0] === kind);
  const isHead = (node: Node): boolean =>
    Array.isArray(node) && ['param', 'result', 'local', 'export'].includes(String(node[0]));
  const types = functions.map((node) => [
    0x60,
    ...listOf(parts(node, 'param').map((param) => [typeOf(param[2])])),
    ...listOf(parts(node, 'result').map((result) => [typeOf(result[1])])),
  ]);
  const exported = functions.flatMap((node, at) =>
    parts(node, 'export').map((each) => [...nameOf(String(each[1]).replaceAll('"', '')), 0x00, ...unsigned(at)]),
  );
  const places = new Map(memories.map((name, at) => [name, at]));
  const bodies = functions.map((node) => {
    const own = parts(node, 'local');
    const locals = new Map([...parts(node, 'param'), ...own].map((each, at) => [String(each[1]), at]));
    const code = node
      .slice(2)
      .filter((each) => !isHead(each))
      .flatMap((each) => codeOf(each, { locals, functions: numbers, memories: places }, []));
    return sized([...listOf(own.map((local) => [1, typeOf(local[2])])), ...code, END]);
  });
  const imports = memories.map((name) => [...nameOf('env'), ...nameOf(name.slice(1)), 0x02, 0x00, 1]);
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, listOf(types)),
    ...section(2, listOf(imports)),
    ...section(3, listOf(functions.map((_, at) => unsigned(at)))),
    ...section(7, listOf(exported)),
    ...section(10, listOf(bodies)),
  ]);
}
