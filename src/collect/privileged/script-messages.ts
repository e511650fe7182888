/**
 * Writes scripts that nft would be run for every ten seconds as the kernel's own messages.
 *
 * In:    a script for the table of flowgauge. Out: one batch of netlink, which the kernel takes as one transaction; null for a
 *        script with any line that is not known here: it is nft's.
 * Holds: lines end a generation and begin the next one, empty sets, and make the elements that these have from the start. The
 *        kernel answers a batch once, with its number.
 * Fails: never.
 * @see linux/include/uapi/linux/netfilter/nf_tables.h
 */
import { TABLE } from './nft-script.ts';

/** An attribute of netlink. */
export function attribute(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const made = Buffer.alloc(length + (-length & 3));
  made.writeUInt16LE(length);
  made.writeUInt16LE(type, 2);
  let at = 4;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

/** A string of the kernel's. */
export function text(word: string): Buffer {
  return Buffer.from(`${word}\0`, 'latin1');
}

const NESTED = 0x8000;
/** `NFNL_MSG_BATCH_BEGIN` and `_END`, for the subsystem of nftables. */
const [BEGIN, END] = [16, 17];
const NFTABLES = 10;
const [NEW_RULE, DELETE_RULE, NEW_ELEMENT, DELETE_ELEMENT] = [6, 8, 12, 14].map((type) => (NFTABLES << 8) | type) as [
  number,
  number,
  number,
  number,
];
/** `NLM_F_REQUEST`, `_ACK`, `_CREATE`, `_APPEND`. */
const [REQUEST, ANSWER, CREATE, APPEND] = [1, 4, 0x400, 0x800];
const INET = 1;
const HEAD_BYTES = 20;
/** A batch goes to the kernel in one piece. */
const MOST_BYTES = 128 * 1024;
/** An attribute has 16 bits for its length. */
const MOST_ELEMENTS = 2048;

const IN_TABLE = attribute(1, text(TABLE.slice('inet '.length)));
const LINE = new RegExp(
  `^(?:(flush) (set|chain) ${TABLE} ([a-z0-9_]+)|(add|delete) element ${TABLE} ([a-z0-9_]+) \\{ (.+) \\}|add rule ${TABLE} ([a-z0-9_]+) jump ([a-z0-9_]+))$`,
);
/** Keys and lives of the set by which a table judges. */
const FAMILIES: ReadonlyMap<string, number> = new Map([
  ['ipv4', 2],
  ['ipv6', 10],
]);
const FAMILY = /^(ipv4|ipv6) timeout ([0-9]{1,5})s$/;
const WORD = /^(?:0x[0-9a-f]{1,8}|[0-9]{1,10})$/;
const NOTHING: ReadonlyMap<string, number> = new Map([
  ['0x0', 4],
  ['0', 4],
  ['0.0.0.0', 4],
  ['::', 16],
]);

type Message = { readonly type: number; readonly flags: number; readonly body: Buffer };

/** The batch that does what a script says. */
export function messagesOf(script: string, sequence: number): Buffer | null {
  const parts: Buffer[] = [batchEdge(BEGIN, sequence)];
  const lines = script.split('\n').filter((line) => line !== '');
  for (const [at, line] of lines.entries()) {
    const message = messageOf(line);
    if (message === null) return null;
    const { type, flags, body } = message;
    parts.push(withHead(type, flags | REQUEST | (at === lines.length - 1 ? ANSWER : 0), sequence, INET, 0, body));
  }
  parts.push(batchEdge(END, sequence));
  const batch = Buffer.concat(parts);
  return lines.length === 0 || batch.length > MOST_BYTES ? null : batch;
}

function messageOf(line: string): Message | null {
  const [, flush, kind, name, command, set, keys, chain, target] = LINE.exec(line) ?? [];
  if (flush !== undefined)
    return {
      type: kind === 'set' ? DELETE_ELEMENT : DELETE_RULE,
      flags: 0,
      body: Buffer.concat([IN_TABLE, attribute(2, text(name!))]),
    };
  if (keys !== undefined) {
    const elements = elementsOf(keys.split(', '));
    if (elements === null) return null;
    const body = Buffer.concat([IN_TABLE, attribute(2, text(set!)), attribute(3 | NESTED, ...elements)]);
    return command === 'add' ? { type: NEW_ELEMENT, flags: CREATE, body } : { type: DELETE_ELEMENT, flags: 0, body };
  }
  if (chain === undefined) return null;
  const body = Buffer.concat([IN_TABLE, attribute(2, text(chain)), attribute(4 | NESTED, jumpTo(target!))]);
  return { type: NEW_RULE, flags: CREATE | APPEND, body };
}

/** Elements by their keys; null where one is not known here, or they are too many. */
function elementsOf(keys: readonly string[]): Buffer[] | null {
  if (keys.length > MOST_ELEMENTS) return null;
  const elements: Buffer[] = [];
  for (const key of keys) {
    const element = elementOf(key);
    if (element === null) return null;
    elements.push(attribute(1 | NESTED, ...element));
  }
  return elements;
}

function elementOf(key: string): Buffer[] | null {
  const [, family, seconds] = FAMILY.exec(key) ?? [];
  if (family !== undefined) {
    const life = Buffer.alloc(8);
    life.writeBigUInt64BE(BigInt(seconds!) * 1000n);
    return [keyOf(Buffer.from([FAMILIES.get(family)!])), attribute(4, life)];
  }
  if (WORD.test(key)) {
    // A mark, or the number of a device: as the processor has it.
    const word = Buffer.alloc(4);
    word.writeUInt32LE(Number(key) >>> 0);
    return Number(key) > 0xffffffff ? null : [keyOf(word)];
  }
  // Of keys with several fields only the one that no packet has; each field begins at a multiple of four bytes.
  const lengths = key.split(' . ').map((field) => NOTHING.get(field));
  if (lengths.length < 2 || lengths.includes(undefined)) return null;
  return [keyOf(Buffer.alloc(lengths.reduce<number>((sum, length) => sum + length!, 0)))];
}

function keyOf(value: Buffer): Buffer {
  return attribute(1 | NESTED, attribute(1, value));
}

/** The one expression of a rule that jumps to a chain. */
function jumpTo(chain: string): Buffer {
  const [verdict, jump] = [Buffer.alloc(4), Buffer.alloc(4)];
  jump.writeInt32BE(-3);
  const to = attribute(2 | NESTED, attribute(1, jump), attribute(2, text(chain)));
  const immediate = attribute(2 | NESTED, attribute(1, verdict), attribute(2 | NESTED, to));
  return attribute(1 | NESTED, attribute(1, text('immediate')), immediate);
}

function batchEdge(type: number, sequence: number): Buffer {
  return withHead(type, REQUEST, sequence, 0, NFTABLES, Buffer.alloc(0));
}

function withHead(
  type: number,
  flags: number,
  sequence: number,
  family: number,
  resource: number,
  body: Buffer,
): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(HEAD_BYTES + body.length);
  head.writeUInt16LE(type, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt32LE(sequence, 8);
  head[16] = family;
  head.writeUInt16BE(resource, 18);
  return Buffer.concat([head, body]);
}
