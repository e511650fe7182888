/**
 * A memory with loops in WebAssembly over it.
 *
 * In:    their source in the text form. Out: what they export, and views of the memory.
 * Holds: a source is made into a module once for a thread. A memory grows and is never given back.
 * Fails: with a RangeError where there is no memory left.
 */
import { assemble } from './assemble.ts';

export type LoopMemory<Loops> = {
  readonly loops: Loops;
  /** Views of the memory; others after `reserve`. */
  bytes: Uint8Array<ArrayBuffer>;
  words: Int32Array<ArrayBuffer>;
  /** Sees to it that the memory reaches to `end`. */
  readonly reserve: (end: number) => void;
};

/** Every JavaScript host has it; the types of Node do not say so. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PAGE_BYTES = 65_536;

const modules = new Map<string, object>();

/**
 * Makes one.
 *
 * @param source  as `assemble` takes it
 * @param size    bytes that it has from the start
 */
export function createLoopMemory<Loops>(source: string, size: number): LoopMemory<Loops> {
  const module = modules.get(source) ?? new WebAssembly.Module(assemble(source));
  modules.set(source, module);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const made: LoopMemory<Loops> = {
    loops: exports as Loops,
    bytes: new Uint8Array(memory.buffer),
    words: new Int32Array(memory.buffer),
    reserve(end) {
      const missing = end - made.bytes.length;
      if (missing <= 0) return;
      memory.grow(Math.ceil(missing / PAGE_BYTES));
      made.bytes = new Uint8Array(memory.buffer);
      made.words = new Int32Array(memory.buffer);
    },
  };
  return made;
}
