/**
 * Reads what the kernel itself says of the flow tables, over netlink.
 *
 * In:    whole messages of dumps, one set after the other, and what each set holds. Out: its elements, as `ListingReader` gives
 *        them.
 * Holds: never throws. Nothing is read behind the end that a message or an attribute says it has, nor behind that of the piece;
 *        what does not fit is an element that is `odd`. Numbers of the machine itself begin with their lowest byte. Elements of
 *        a set have one form, nearly all: one whose attributes begin where those of the one before did, each with the
 *        same length and type, is read there at once, in a third of the time.
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
/** An element has some ten attributes; of one with more no form is kept. */
const MOST_HEADS = 24;

/** Reads dumps of any number of sets. */
export class MessageReader {
  readonly #wanted: SetsWanted;
  #set = '';
  #to: FlowElements | null = null;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The form of the element that was read last: where its attributes begin and how; 0 of them: nothing is known. */
  readonly #form = { heads: 0, places: new Int32Array(MOST_HEADS), words: new Int32Array(MOST_HEADS) };
  /** Where in it the key and the numbers are; -1: not there. */
  #key = -1;
  #keyBytes = 0;
  #left = -1;
  #packets = -1;
  #counted = -1;
  /** Where the element begins that is read, and whether its form is taken in. */
  #from = 0;
  #isLearning = false;

  constructor(wanted: SetsWanted) {
    this.#wanted = wanted;
  }

  /** Takes whole messages. */
  push(piece: Uint8Array): void {
    this.#bytes = piece;
    this.#view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
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
        for (let one = inside; one < to; one += aligned(this.#u16(one)))
          if (!this.#isOfForm(one, to)) {
            this.#form.heads = 0;
            this.#from = one;
            this.#isLearning = true;
            const isOne = this.#fits(one, to);
            if (isOne) this.#element(one + HEAD, one + this.#u16(one));
            this.#isLearning = false;
            if (!isOne) return;
          } else this.#give(one, one + this.#u16(one));
    }
  }

  #begin(name: string): void {
    if (name === this.#set) return;
    this.end();
    this.#set = name;
    this.#form.heads = 0;
    const wanted = this.#wanted(name);
    wanted?.to.begin(wanted.use);
    this.#to = wanted?.to ?? null;
  }

  /** Whether an element begins there that has the form of the last one. */
  #isOfForm(one: number, end: number): boolean {
    const { heads, places, words } = this.#form;
    if (heads === 0 || heads > MOST_HEADS || one + (words[0]! & 0xffff) > end) return false;
    for (let n = 0; n < heads; n++) if (this.#view.getInt32(one + places[n]!, true) !== words[n]) return false;
    return true;
  }

  /** Takes the form of an element in, and what it says. */
  #element(from: number, end: number): void {
    this.#key = this.#left = this.#packets = this.#counted = -1;
    for (let at = from; at < end; at += aligned(this.#u16(at))) {
      if (!this.#fits(at, end)) return this.#forget();
      const inside = at + HEAD;
      const stop = at + this.#u16(at);
      const type = this.#type(at);
      if (type === EXPIRATION && stop - inside === 8) this.#left = inside - this.#from;
      else if (type === KEY) {
        if (!this.#fits(inside, stop)) return this.#forget();
        this.#key = inside + HEAD - this.#from;
        this.#keyBytes = this.#u16(inside) - HEAD;
      } else if (type === EXPRESSION) {
        const data = this.#find(EXPRESSION_DATA, inside, stop);
        if (data < 0) continue;
        const dataEnd = data + this.#u16(data);
        this.#packets = this.#countIn(COUNTER_PACKETS, data + HEAD, dataEnd);
        this.#counted = this.#countIn(COUNTER_BYTES, data + HEAD, dataEnd);
      }
    }
    this.#give(this.#from, end);
  }

  #forget(): void {
    this.#form.heads = 0;
  }

  /** Gives an element of the form. */
  #give(one: number, end: number): void {
    const to = this.#to;
    const use = to?.use;
    if (to === null || !use || this.#tell(to, use, one)) return;
    to.isOdd(`an element of netlink: ${Buffer.from(this.#bytes.subarray(one + HEAD, end)).toString('hex')}`);
  }

  /** Whether it is an element of such a set. */
  #tell(to: FlowElements, use: SetUse, one: number): boolean {
    if (this.#key < 0 || this.#keyBytes !== (use.is === 'flows' ? keyLength(use.kind) : 4)) return false;
    const hasCounts = this.#packets >= 0 && this.#counted >= 0;
    if (use.is === 'last' ? this.#packets >= 0 : !hasCounts) return false;
    const view = this.#view;
    const key = one + this.#key;
    const word = view.getUint32(key, true);
    if (use.is === 'over') {
      to.over(word, this.#u64(one + this.#packets));
      return true;
    }
    if (this.#left < 0) return false;
    const left = this.#u64(one + this.#left);
    // No packet's key begins with 0: the element of a known time (`markElement`).
    if (word === 0) to.mark(left);
    else if (use.is === 'last') to.last(word, left);
    else {
      const words = use.kind.family === 4 ? 1 : 4;
      let at = key + 4;
      for (let i = 0; i < words; i++, at += 4) to.src[i] = view.getUint32(at);
      for (let i = 0; i < words; i++, at += 4) to.dst[i] = view.getUint32(at);
      // A field that is shorter than a register lies in its first bytes.
      const ports =
        use.kind.protocol === 0 ? view.getUint8(at) : ((view.getUint16(at) << 16) | view.getUint16(at + 4)) >>> 0;
      to.flow(word, ports, this.#u64(one + this.#packets), this.#u64(one + this.#counted), left);
    }
    return true;
  }

  /** Whether an attribute ends before what holds it does. */
  #fits(at: number, end: number): boolean {
    const length = at + HEAD <= end ? this.#u16(at) : 0;
    if (length >= HEAD && at + length <= end) {
      if (this.#isLearning) this.#learn(at);
      return true;
    }
    this.#to?.isOdd(`an attribute of ${length} bytes where ${end - at} are left`);
    return false;
  }

  #learn(at: number): void {
    const form = this.#form;
    form.places[form.heads] = at - this.#from;
    form.words[form.heads] = this.#view.getInt32(at, true);
    form.heads++;
  }

  /** Where an attribute of a type is; -1 where it is not. */
  #find(type: number, from: number, end: number): number {
    for (let at = from; at < end; at += aligned(this.#u16(at))) {
      if (!this.#fits(at, end)) return -1;
      if (this.#type(at) === type) return at;
    }
    return -1;
  }

  /** Where in the element a count is; -1: it is not. */
  #countIn(type: number, from: number, end: number): number {
    const at = this.#find(type, from, end);
    return at < 0 || this.#u16(at) !== HEAD + 8 ? -1 : at + HEAD - this.#from;
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

  #u64(at: number): number {
    return this.#view.getUint32(at) * U32 + this.#view.getUint32(at + 4);
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
