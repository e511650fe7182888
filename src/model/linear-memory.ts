/**
 * Memory that loops work on, in WebAssembly or as they are written.
 *
 * In:    a size. Out: views of it, and loops over several.
 * Holds: a memory grows and is never given back; what was not written takes no room of the machine's. Of a module made
 *        from loops (`scripts/make-loops.ts`) there is one for a thread.
 * Fails: with a RangeError where there is no memory left.
 */

/** A number that is no integer of 32 bits, where loops are concerned. */
export type Double = number;

/** A memory by the size of what is read; others after `reserve`. */
export type Views = {
  u8: Uint8Array<ArrayBuffer>;
  u16: Uint16Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
  /** For what lies at any byte. */
  view: DataView<ArrayBuffer>;
  /** Sees to it that the memory has so many bytes. */
  reserve(bytes: number): void;
};

/** Every JavaScript host has it; the types of Node do not say so. */
type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PAGE_BYTES = 65_536;

function look(at: Views, buffer: ArrayBuffer): void {
  at.u8 = new Uint8Array(buffer);
  at.u16 = new Uint16Array(buffer);
  at.i32 = new Int32Array(buffer);
  at.f64 = new Float64Array(buffer);
  at.view = new DataView(buffer);
}

/** A memory for loops as they are written: small ones, of which there may be many. */
export class PlainMemory implements Views {
  declare u8: Uint8Array<ArrayBuffer>;
  declare u16: Uint16Array<ArrayBuffer>;
  declare i32: Int32Array<ArrayBuffer>;
  declare f64: Float64Array<ArrayBuffer>;
  declare view: DataView<ArrayBuffer>;

  /** @param bytes  a multiple of eight */
  constructor(bytes: number) {
    look(this, new ArrayBuffer(bytes));
  }

  reserve(bytes: number): void {
    const { buffer } = this.u8;
    if (bytes > buffer.byteLength)
      look(this, buffer.transfer(Math.ceil(Math.max(bytes, buffer.byteLength * 2) / 8) * 8));
  }
}

/** A memory for loops in WebAssembly: it grows where it is, and reserves addresses for gigabytes. */
export class LinearMemory implements Views {
  declare u8: Uint8Array<ArrayBuffer>;
  declare u16: Uint16Array<ArrayBuffer>;
  declare i32: Int32Array<ArrayBuffer>;
  declare f64: Float64Array<ArrayBuffer>;
  declare view: DataView<ArrayBuffer>;
  readonly memory: Memory;

  constructor(bytes: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    look(this, this.memory.buffer);
  }

  reserve(bytes: number): void {
    const has = this.u8.length;
    if (bytes <= has) return;
    // In steps that are not small: views are made anew for each.
    this.memory.grow(Math.ceil(Math.max(bytes - has, has / 4) / PAGE_BYTES));
    look(this, this.memory.buffer);
  }
}

/** The same bytes where loops in WebAssembly can work on them. */
export function linearCopy({ u8 }: Views): LinearMemory {
  const copy = new LinearMemory(u8.length);
  copy.u8.set(u8);
  return copy;
}

const modules = new Map<string, object>();

/**
 * What the functions of loops are, over memories.
 *
 * @param code      the module, as base64
 * @param memories  by the names that the loops have for them
 */
export function loopsOver(code: string, memories: Readonly<Record<string, LinearMemory>>): unknown {
  const known = modules.get(code);
  const module = known ?? new WebAssembly.Module(Uint8Array.from(atob(code), (one) => one.charCodeAt(0)));
  if (known === undefined) modules.set(code, module);
  const env = Object.fromEntries(Object.entries(memories).map(([name, { memory }]) => [name, memory]));
  return new WebAssembly.Instance(module, { env }).exports;
}
