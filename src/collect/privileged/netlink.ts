/**
 * Reads sets and counters through a socket to the kernel, ends generations and empties sets, where the addon of `native/` was built.
 *
 * In:    names of sets, scripts. Out: the messages in which the kernel says what is in them; counters as nft prints them, which are
 *        set to 0 then.
 * Holds: a set is given when all of it has come. What the kernel did not keep together (it changed while it was read, or a piece found
 *        no room on its way) is asked for again. Only what the kernel sends in answer to that question is taken.
 * Fails: FG_NFT_FAILED.
 * @see linux/include/uapi/linux/netlink.h; `native/netlink.c`
 */
import { closeSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { failure } from '../../model/errors.ts';
import type { ListSets } from './list-sets.ts';
import { listByNft } from './list-sets.ts';
import { RESET_COUNTERS, TABLE } from './nft-script.ts';
import type { Nft } from './run-nft.ts';
import { attribute, messagesOf, text } from './script-messages.ts';

/** What `native/netlink.c` has; each number is negative where it is an error of the system. */
export type NetlinkAddon = {
  /** A socket in a network namespace: the path of one, or null for this one. */
  open(namespacePath: string | null): number;
  ask(fd: number, request: Uint8Array): number;
  read(fd: number, into: Uint8Array): number;
};

const NATIVE = join(import.meta.dirname, '..', '..', '..', 'native');
/** What it is made of, in a clone. */
export const ADDON_SOURCE: string = join(NATIVE, 'netlink.c');
/** Where `npm run native` puts it. */
const ADDON_PATH = join(NATIVE, 'build', 'netlink.node');

/** Loads the addon; in words why it is not there. */
export function loadNetlink(path: string = ADDON_PATH): NetlinkAddon | string {
  if (!existsSync(path)) return 'not built';
  try {
    return createRequire(import.meta.url)(path) as NetlinkAddon;
  } catch (error) {
    return `built, and cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Reads sets in the best way that there is here.
 *
 * @param namespace  as `ip netns` names it; null: this one
 */
export function localListSets(namespace: string | null, nft: Nft): ListSets {
  let way: ListSets | null = null;
  return (names, hear) => {
    way ??= openWay(namespace) ?? listByNft(nft);
    return way(names, hear);
  };
}

function openWay(namespace: string | null): ListSets | null {
  const dumper = openDumper(namespace);
  return dumper === null ? null : listByNetlink(dumper);
}

function openDumper(namespace: string | null): Dumper | null {
  const addon = loadNetlink();
  if (typeof addon === 'string') return null;
  const path = namespace === null ? null : `/run/netns/${namespace}`;
  const dumper = new Dumper(addon, () => addon.open(path));
  return dumper.isOpen() ? dumper : null;
}

/**
 * Runs scripts as `nft` does, but for the one that resets our counters and those that end generations and empty sets
 * (`messagesOf`): to start a process for them costs more than all that they say.
 *
 * @param namespace  as `ip netns` names it; null: this one
 */
export function nftBesideNetlink(namespace: string | null, nft: Nft): Nft {
  let dumper: Dumper | null | undefined;
  let left: Promise<void> = Promise.resolve();
  const run: Nft = (script, hear) => {
    dumper ??= openDumper(namespace);
    if (dumper === null) return nft(script, hear);
    if (script === RESET_COUNTERS) return countersByNetlink(dumper)(hear);
    // What the kernel did not take nft tries, and says why. All of it can be done twice.
    return dumper.change(script) ? Promise.resolve() : nft(script, hear);
  };
  return (script, hear) => {
    const done = left.then(() => run(script, hear));
    left = done.catch(() => {});
    return done;
  };
}

/** Tells our counters as nft prints them, and sets them to 0. */
export function countersByNetlink(dumper: Dumper): (hear?: (text: string) => void) => Promise<void> {
  return (hear = () => {}) =>
    new Promise((resolve) => {
      hear(dumper.resetCounters());
      resolve();
    });
}

const { errno } = constants;
/** `NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM`, `NFT_MSG_GETOBJ_RESET`, `NFT_MSG_NEWOBJ`. */
const GET_ELEMENTS = (10 << 8) | 13;
const RESET_OBJECTS = (10 << 8) | 21;
const OBJECT = (10 << 8) | 18;
/** `NLM_F_REQUEST | NLM_F_DUMP`, `NFPROTO_INET`. */
const DUMP = 0x301;
const INET = 1;
const TABLE_ATTRIBUTE = 1;
const SET_ATTRIBUTE = 2;
const OBJECT_NAME = 2;
const OBJECT_KIND = 3;
const OBJECT_DATA = 4;
/** `NFT_OBJECT_COUNTER`, as the kernel takes it. */
const COUNTER_KIND = Buffer.from([0, 0, 0, 1]);
const [COUNTER_BYTES, COUNTER_PACKETS] = [1, 2];
/** Beside the type of an attribute there are bits that say how it is written. */
const TYPE = 0x3fff;
const HEAD_BYTES = 16;
const BODY_AT = 20;
const ERROR = 2;
const DONE = 3;
const INTERRUPTED = 0x10;
const MOST_TRIES = 5;
const ROOM_BYTES = 1024 * 1024;
/** What the addon takes at least. */
const PIECE_BYTES = 32_768;
/** 65,536 elements take 8 MB. */
const MOST_BYTES = 256 * 1024 * 1024;
/** What another try may do well. */
const PASSING: ReadonlySet<number> = new Set([errno.EINTR, errno.ENOBUFS, errno.EAGAIN, errno.EBUSY, errno.EBADMSG]);

type Answer = { readonly messages: Buffer; readonly isWhole: boolean };

/** Reads them with a dumper, which keeps its socket. */
export function listByNetlink(dumper: Dumper): ListSets {
  return async (names, { messages }) => {
    for (const name of names) {
      messages(dumper.dump(name));
      // Others have their turn: a set may take some milliseconds.
      await new Promise(setImmediate);
    }
  };
}

/** A socket that is asked for one set after the other. */
export class Dumper {
  readonly #addon: NetlinkAddon;
  readonly #open: () => number;
  #fd = -1;
  #sequence = 0;
  #room = Buffer.allocUnsafe(ROOM_BYTES);

  /** @param open  makes a socket; a negative number is an error's */
  constructor(addon: NetlinkAddon, open: () => number) {
    this.#addon = addon;
    this.#open = open;
  }

  /** Whether there is a socket, now. */
  isOpen(): boolean {
    if (this.#fd < 0) this.#fd = this.#open();
    return this.#fd >= 0;
  }

  /** All messages of a set; valid until the next one. */
  dump(set: string): Uint8Array {
    for (let tries = 1; ; tries++) {
      const answer = this.#ask(GET_ELEMENTS, attribute(SET_ATTRIBUTE, text(set)));
      const error = typeof answer === 'number' ? -answer : errno.EINTR;
      if (typeof answer !== 'number' && answer.isWhole) return answer.messages;
      if (!PASSING.has(error) || tries === MOST_TRIES)
        throw failure('FG_NFT_FAILED', 'over netlink', `set ${set}: ${wordsOf(error)}`);
    }
  }

  /** Our counters, as nft prints them. What was told before the kernel changed something is 0 since: it is told too. */
  resetCounters(): string {
    let told = '';
    for (let tries = 1; ; tries++) {
      const answer = this.#ask(RESET_OBJECTS, attribute(OBJECT_KIND, COUNTER_KIND));
      if (typeof answer !== 'number') told += counterLines(answer.messages);
      // The kernel names no table that is not there.
      const isNone = typeof answer !== 'number' && told === '';
      if (typeof answer !== 'number' && answer.isWhole && !isNone) return told;
      const error = isNone ? errno.ENOENT : typeof answer === 'number' ? -answer : errno.EINTR;
      if (!PASSING.has(error) || tries === MOST_TRIES)
        throw failure('FG_NFT_FAILED', 'over netlink', `counters: ${wordsOf(error)}`);
    }
  }

  /** Makes one transaction of a script; whether that is known to hold. Nothing is done where the script is not one of `messagesOf`. */
  change(script: string): boolean {
    if (!this.isOpen()) return false;
    const batch = messagesOf(script, this.#next());
    if (batch === null) return false;
    const answer = this.#answer(batch);
    if (typeof answer !== 'number') return true;
    // There may be an answer for each message that failed.
    if (this.#fd >= 0) this.#close(answer);
    return false;
  }

  #next(): number {
    return (this.#sequence = (this.#sequence + 1) >>> 0);
  }

  /** All messages of an answer, or an error's number; not whole: something changed while it was read. */
  #ask(kind: number, what: Buffer): Answer | number {
    return this.isOpen() ? this.#answer(request(kind, what, this.#next())) : this.#fd;
  }

  #answer(asking: Uint8Array): Answer | number {
    const asked = this.#addon.ask(this.#fd, asking);
    if (asked < 0) return this.#close(asked);
    let isWhole = true;
    for (let used = 0; ;) {
      if (this.#room.length - used < PIECE_BYTES) this.#grow();
      const got = this.#addon.read(this.#fd, this.#room.subarray(used));
      if (got < 0) return this.#close(got);
      const end = used + got;
      for (let length: number; used < end; used += length + (-length & 3)) {
        length = end - used < HEAD_BYTES ? 0 : this.#room.readUInt32LE(used);
        if (length < HEAD_BYTES || length > end - used || this.#room.readUInt32LE(used + 8) !== this.#sequence)
          return this.#close(-errno.EBADMSG);
        const type = this.#room.readUInt16LE(used + 4);
        if ((this.#room.readUInt16LE(used + 6) & INTERRUPTED) !== 0) isWhole = false;
        if (type !== DONE && type !== ERROR) continue;
        const code = length >= BODY_AT ? this.#room.readInt32LE(used + HEAD_BYTES) : 0;
        if (code < 0) return code;
        return { messages: this.#room.subarray(0, used), isWhole };
      }
    }
  }

  /** What is on its way still would be taken for the next answer. */
  #close(error: number): number {
    closeSync(this.#fd);
    this.#fd = -1;
    return error;
  }

  #grow(): void {
    if (this.#room.length >= MOST_BYTES) throw failure('FG_NFT_FAILED', 'over netlink', 'a set without an end');
    const more = Buffer.allocUnsafe(this.#room.length * 2);
    this.#room.copy(more);
    this.#room = more;
  }
}

/** Asks for all of a kind in our table. */
function request(kind: number, what: Buffer, sequence: number): Uint8Array {
  const [, table] = TABLE.split(' ') as [string, string];
  const attributes = Buffer.concat([attribute(TABLE_ATTRIBUTE, text(table)), what]);
  const head = Buffer.alloc(BODY_AT);
  head.writeUInt32LE(BODY_AT + attributes.length);
  head.writeUInt16LE(kind, 4);
  head.writeUInt16LE(DUMP, 6);
  head.writeUInt32LE(sequence, 8);
  head[HEAD_BYTES] = INET;
  return Buffer.concat([head, attributes]);
}

/** Counters in messages, a line for each. */
function counterLines(messages: Buffer): string {
  let lines = '';
  for (let at = 0; at < messages.length; at += messages.readUInt32LE(at) + (-messages.readUInt32LE(at) & 3)) {
    if (messages.readUInt16LE(at + 4) !== OBJECT) continue;
    const parts = partsOf(messages.subarray(at + BODY_AT, at + messages.readUInt32LE(at)));
    const [name, data] = [parts.get(OBJECT_NAME), parts.get(OBJECT_DATA)];
    const counts = data === undefined ? null : partsOf(data);
    const [packets, bytes] = [counts?.get(COUNTER_PACKETS), counts?.get(COUNTER_BYTES)];
    if (name === undefined || packets?.length !== 8 || bytes?.length !== 8) continue;
    const word = name.toString('latin1', 0, name.length - 1);
    lines += `counter ${word} { packets ${packets.readBigUInt64BE()} bytes ${bytes.readBigUInt64BE()} }\n`;
  }
  return lines;
}

/** Attributes by their type; what does not fit is left out. */
function partsOf(attributes: Buffer): Map<number, Buffer> {
  const parts = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= attributes.length;) {
    const length = attributes.readUInt16LE(at);
    if (length < 4 || at + length > attributes.length) break;
    parts.set(attributes.readUInt16LE(at + 2) & TYPE, attributes.subarray(at + 4, at + length));
    at += length + (-length & 3);
  }
  return parts;
}

/** As nft says it. */
function wordsOf(code: number): string {
  if (code === errno.ENOENT) return 'No such file or directory';
  return getSystemErrorMap().get(-code)?.[1] ?? `error ${code}`;
}
