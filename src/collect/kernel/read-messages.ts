/**
 * Reads what the kernel itself says of the flow tables, over netlink.
 *
 * In:    whole messages of dumps, one set after the other, and what each set holds. Out: its elements, as `ListingReader` gives
 *        them.
 * Holds: never throws. Nothing is read behind the end that a message or an attribute says it has, nor behind that of the piece;
 *        what does not fit is an element that is `odd`. Numbers of the machine itself begin with their lowest byte.
 * @see linux/include/uapi/linux/netfilter/nf_tables.h: `nft_set_elem_list_attributes`, `nft_set_elem_attributes`
 */
import type { FlowElements, SetUse } from './flow-elements.ts';
import type { FlowKind } from './flow-sets.ts';
import type { SetsWanted } from './read-listing.ts';

/** `NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM`. */
const ELEMENTS_MESSAGE = (10 << 8) | 12;
/** Heads: of a message, of what netfilter puts before attributes, of an attribute. */
const MESSAGE_BYTES = 16;
const NETFILTER_BYTES = 4;
const HEAD = 4;
/** Beside the type there are bits that say how an attribute is written. */
const TYPE = 0x3fff;
const SET_NAME = 2;
const ELEMENTS = 3;
const KEY = 1;
const EXPIRATION = 5;
const EXPRESSION = 7;
const EXPRESSION_DATA = 2;
const COUNTER_BYTES = 1;
const COUNTER_PACKETS = 2;
const U32 = 2 ** 32;

/** Reads dumps of any number of sets. */
export class MessageReader {
  readonly #wanted: SetsWanted;
  #set = '';
  #to: FlowElements | null = null;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(wanted: SetsWanted) {
    this.#wanted = wanted;
  }

  /** Takes whole messages. */
  push(piece: Uint8Array): void {
    this.#bytes = piece;
    for (let at = 0; at < piece.length;) {
      const left = piece.length - at;
      const length = left < MESSAGE_BYTES ? 0 : this.#u32(at);
      if (length < MESSAGE_BYTES || length > left) {
        this.#to?.isOdd(`a message of ${length} bytes where ${left} are left`);
        return;
      }
      if (this.#u16(at + 4) === ELEMENTS_MESSAGE) this.#message(at + MESSAGE_BYTES + NETFILTER_BYTES, at + length);
      at += aligned(length);
    }
  }

  /** There is no more. */
  end(): void {
    this.#to?.end();
    this.#to = null;
    this.#set = '';
  }

  /** Attributes of a message: the set's name comes before the elements. */
  #message(from: number, end: number): void {
    for (let at = from; at < end; at += aligned(this.#u16(at))) {
      if (!this.#fits(at, end)) return;
      const inside = at + HEAD;
      const to = at + this.#u16(at);
      const type = this.#type(at);
      if (type === SET_NAME) this.#begin(this.#text(inside, to));
      else if (type === ELEMENTS)
        for (let one = inside; one < to; one += aligned(this.#u16(one))) {
          if (!this.#fits(one, to)) return;
          this.#element(one + HEAD, one + this.#u16(one));
        }
    }
  }

  #begin(name: string): void {
    if (name === this.#set) return;
    this.end();
    this.#set = name;
    const wanted = this.#wanted(name);
    wanted?.to.begin(wanted.use);
    this.#to = wanted?.to ?? null;
  }

  #element(from: number, end: number): void {
    const to = this.#to;
    const use = to?.use;
    if (to === null || !use) return;
    let key = -1;
    let keyBytes = 0;
    let left = Number.NaN;
    let [packets, bytes] = [-1, -1];
    for (let at = from; at < end; at += aligned(this.#u16(at))) {
      if (!this.#fits(at, end)) return;
      const inside = at + HEAD;
      const stop = at + this.#u16(at);
      const type = this.#type(at);
      if (type === EXPIRATION && stop - inside === 8) left = this.#u64(inside);
      else if (type === KEY) {
        if (!this.#fits(inside, stop)) return;
        key = inside + HEAD;
        keyBytes = this.#u16(inside) - HEAD;
      } else if (type === EXPRESSION) {
        const data = this.#find(EXPRESSION_DATA, inside, stop);
        if (data < 0) continue;
        const dataEnd = data + this.#u16(data);
        packets = this.#counted(COUNTER_PACKETS, data + HEAD, dataEnd);
        bytes = this.#counted(COUNTER_BYTES, data + HEAD, dataEnd);
      }
    }
    if (!this.#give(to, use, key, keyBytes, packets, bytes, left))
      to.isOdd(`an element of netlink: ${Buffer.from(this.#bytes.subarray(from, end)).toString('hex')}`);
  }

  /** Whether it is an element of such a set. */
  #give(
    to: FlowElements,
    use: SetUse,
    key: number,
    keyBytes: number,
    packets: number,
    bytes: number,
    left: number,
  ): boolean {
    if (key < 0 || keyBytes !== (use.is === 'flows' ? keyLength(use.kind) : 4)) return false;
    if (use.is === 'last' ? packets >= 0 : packets < 0 || bytes < 0) return false;
    const word = this.#u32(key);
    if (use.is === 'over') {
      to.over(word, packets);
      return true;
    }
    if (Number.isNaN(left)) return false;
    // No packet's key begins with 0: the element of a known time (`markElement`).
    if (word === 0) to.mark(left);
    else if (use.is === 'last') to.last(word, left);
    else {
      const words = use.kind.family === 4 ? 1 : 4;
      let at = key + 4;
      for (let i = 0; i < words; i++, at += 4) to.src[i] = this.#networkU32(at);
      for (let i = 0; i < words; i++, at += 4) to.dst[i] = this.#networkU32(at);
      // A field that is shorter than a register lies in its first bytes.
      const b = this.#bytes;
      const ports =
        use.kind.protocol === 0 ? b[at]! : ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 4]! << 8) | b[at + 5]!) >>> 0;
      to.flow(word, ports, packets, bytes, left);
    }
    return true;
  }

  /** Whether an attribute ends before what holds it does. */
  #fits(at: number, end: number): boolean {
    const length = at + HEAD <= end ? this.#u16(at) : 0;
    if (length >= HEAD && at + length <= end) return true;
    this.#to?.isOdd(`an attribute of ${length} bytes where ${end - at} are left`);
    return false;
  }

  /** Where an attribute of a type is; -1 where it is not. */
  #find(type: number, from: number, end: number): number {
    for (let at = from; at < end; at += aligned(this.#u16(at))) {
      if (!this.#fits(at, end)) return -1;
      if (this.#type(at) === type) return at;
    }
    return -1;
  }

  #counted(type: number, from: number, end: number): number {
    const at = this.#find(type, from, end);
    return at < 0 || this.#u16(at) !== HEAD + 8 ? -1 : this.#u64(at + HEAD);
  }

  #type(at: number): number {
    return this.#u16(at + 2) & TYPE;
  }

  #u16(at: number): number {
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  #u32(at: number): number {
    return (this.#u16(at) | (this.#u16(at + 2) << 16)) >>> 0;
  }

  #networkU32(at: number): number {
    const b = this.#bytes;
    return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
  }

  #u64(at: number): number {
    return this.#networkU32(at) * U32 + this.#networkU32(at + 4);
  }

  #text(from: number, end: number): string {
    const zero = this.#bytes.indexOf(0, from);
    return Buffer.from(this.#bytes.subarray(from, zero < 0 || zero > end ? end : zero)).toString('latin1');
  }
}

/** Bytes to where the next one begins. */
function aligned(length: number): number {
  return length + (-length & 3);
}

function keyLength({ family, protocol }: FlowKind): number {
  return 4 + (family === 4 ? 8 : 32) + (protocol === 0 ? 4 : 8);
}
