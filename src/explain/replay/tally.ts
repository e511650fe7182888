/**
 * What a replay found, counted.
 *
 * In:    judged conversations, row by row. Out: totals by effect, and for each cause how many conversations, how much, whose, when last.
 * Holds: a cause is effect, interface, direction, protocol, port of the service, and what decides before and after. Memory grows with
 *        causes and their peers, never with conversations, and both are bounded: what is beyond is counted, not listed.
 */
import type { ConversationBatch } from '../conversations/batch.ts';
import { grown, WordTable } from '../conversations/word-table.ts';
import { INGRESS } from '../../network/verdict/group-rules.ts';
import type { Judged } from './judged.ts';
import { EFFECTS, NEWLY_ALLOWED, NEWLY_BLOCKED, NOT_IN_MODEL, SAME } from './judged.ts';

/** Causes and peers that are kept at most. */
const MOST_CAUSES = 65_536;
const MOST_PEERS = 1_000_000;

/** What is summed of a cause, and where. */
const SUMS = 4;
const PACKETS = 1;
const BYTES = 2;
const LAST = 3;

const CAUSE_WORDS = 6;
/** Of a peer by family: its cause, its address. */
const PEER_WORDS = { 4: 2, 6: 5 } as const;

/** Words of a cause: effect and flags, interface, protocol and port, verdicts, rules; the position of the records' interface. */
export type Cause = {
  readonly effect: number;
  readonly at: number;
  readonly isFarEnd: boolean;
  readonly request: number;
  readonly protocol: number;
  readonly port: number;
  readonly before: number;
  readonly beforeRule: number;
  readonly after: number;
  readonly afterRule: number;
  /** Position of the interface whose records they are. */
  readonly recordedAt: number;
  readonly conversations: number;
  readonly packets: number;
  readonly bytes: number;
  readonly lastSeconds: number;
  readonly peers: number;
  /** Those with the most conversations: family, where the four words are, how many. */
  readonly examples: readonly {
    readonly words: readonly number[];
    readonly family: 4 | 6;
    readonly conversations: number;
  }[];
};

/** Peers that a cause names. */
const EXAMPLES = 5;

/** Counts what a replay tells. */
export class Tally {
  readonly conversations: Float64Array = new Float64Array(EFFECTS);
  readonly packets: Float64Array = new Float64Array(EFFECTS);
  readonly bytes: Float64Array = new Float64Array(EFFECTS);
  /** Of those that stay the same: how many are admitted or denied by another rule than before. */
  otherRule = 0;
  turned = 0;
  late = 0;
  translated = 0;
  /** By what their opener was told by. */
  readonly openers: Float64Array = new Float64Array(6);
  /** Conversations whose cause, or whose peer, was one too many to be kept. */
  beyondCauses = 0;
  beyondPeers = 0;
  readonly #causes = new WordTable(CAUSE_WORDS, MOST_CAUSES);
  readonly #four = new Peers(4);
  readonly #six = new Peers(6);
  /** By cause: conversations, packets, bytes, when last. */
  #sums = new Float64Array(0);

  /** Counts a row. */
  add(batch: ConversationBatch, row: number, judged: Judged): void {
    const { ingress, egress } = batch;
    const { effect } = judged;
    const packets =
      (ingress.acceptedPackets[row] as number) +
      (ingress.rejectedPackets[row] as number) +
      (egress.acceptedPackets[row] as number) +
      (egress.rejectedPackets[row] as number);
    const bytes =
      (ingress.acceptedBytes[row] as number) +
      (ingress.rejectedBytes[row] as number) +
      (egress.acceptedBytes[row] as number) +
      (egress.rejectedBytes[row] as number);
    this.conversations[effect]!++;
    this.packets[effect]! += packets;
    this.bytes[effect]! += bytes;
    this.openers[batch.openerBy[row] as number]!++;
    this.turned += judged.turned;
    this.late += judged.late;
    this.translated += batch.translated[row] as number;
    if (effect === SAME) {
      if (judged.beforeRule !== judged.afterRule || judged.before !== judged.after) this.otherRule++;
      return;
    }
    if (effect < NOT_IN_MODEL) this.#addCause(batch, row, judged, packets, bytes);
  }

  #addCause(batch: ConversationBatch, row: number, judged: Judged, packets: number, bytes: number): void {
    const { key } = this.#causes;
    const isIn = (judged.request === INGRESS) !== judged.isFarEnd;
    key[0] =
      judged.effect | (judged.request << 4) | (judged.isFarEnd ? 32 : 0) | (judged.before << 8) | (judged.after << 16);
    key[1] = judged.at;
    key[2] =
      ((batch.protocol[row] as number) << 16) | ((isIn ? batch.localPort[row] : batch.remotePort[row]) as number);
    key[3] = judged.beforeRule;
    key[4] = judged.afterRule;
    key[5] = batch.at[row] as number;
    const cause = this.#causes.number();
    if (cause < 0) {
      this.beyondCauses++;
      return;
    }
    const at = cause * SUMS;
    if (at + SUMS > this.#sums.length) this.#sums = grown(this.#sums, at + SUMS);
    const sums = this.#sums;
    sums[at]!++;
    sums[at + PACKETS]! += packets;
    sums[at + BYTES]! += bytes;
    const last = Math.max(batch.ingress.lastSeconds[row] as number, batch.egress.lastSeconds[row] as number);
    if (last > (sums[at + LAST] as number)) sums[at + LAST] = last;
    const peers = batch.family[row] === 6 ? this.#six : this.#four;
    if (!peers.add(cause, batch.remote, row * 4)) this.beyondPeers++;
  }

  /** All causes: newly blocked ones first, then newly allowed, then what is not explained; of each the most conversations first. */
  causes(): readonly Cause[] {
    const four = this.#four.byCause(this.#causes.size);
    const six = this.#six.byCause(this.#causes.size);
    const made = Array.from({ length: this.#causes.size }, (_, cause) =>
      this.#cause(cause, four[cause] ?? [], six[cause] ?? []),
    );
    return made.sort(
      (a, b) =>
        rank(a) - rank(b) ||
        b.conversations - a.conversations ||
        b.bytes - a.bytes ||
        a.at - b.at ||
        a.port - b.port ||
        a.beforeRule - b.beforeRule ||
        a.afterRule - b.afterRule ||
        a.protocol - b.protocol ||
        a.request - b.request,
    );
  }

  #cause(cause: number, four: readonly number[], six: readonly number[]): Cause {
    const [head = 0, at = 0, service = 0, beforeRule = 0, afterRule = 0, recordedAt = 0] = this.#causes.words.subarray(
      cause * CAUSE_WORDS,
      (cause + 1) * CAUSE_WORDS,
    );
    const examples = [...this.#four.most(four), ...this.#six.most(six)].sort(
      (a, b) => b.conversations - a.conversations,
    );
    return {
      effect: head & 15,
      at,
      isFarEnd: (head & 32) !== 0,
      request: (head >> 4) & 1,
      protocol: service >>> 16,
      port: service & 0xffff,
      before: (head >>> 8) & 255,
      beforeRule,
      after: head >>> 16,
      afterRule,
      recordedAt,
      conversations: this.#sums[cause * SUMS] as number,
      packets: this.#sums[cause * SUMS + PACKETS] as number,
      bytes: this.#sums[cause * SUMS + BYTES] as number,
      lastSeconds: this.#sums[cause * SUMS + LAST] as number,
      peers: four.length + six.length,
      examples: examples.slice(0, EXAMPLES),
    };
  }
}

/** Remote addresses of one family by cause. */
class Peers {
  readonly #family: 4 | 6;
  readonly #table: WordTable;
  #counts = new Float64Array(0);

  constructor(family: 4 | 6) {
    this.#family = family;
    this.#table = new WordTable(PEER_WORDS[family], MOST_PEERS);
  }

  /** Counts the address that begins at `from`; false where there are too many. */
  add(cause: number, words: Uint32Array, from: number): boolean {
    const { key, stride } = this.#table;
    key[0] = cause;
    for (let word = 1; word < stride; word++) key[word] = words[from + word - 1] as number;
    const number = this.#table.number();
    if (number < 0) return false;
    if (number >= this.#counts.length) this.#counts = grown(this.#counts, number + 1);
    this.#counts[number]!++;
    return true;
  }

  /** Numbers of addresses by their cause. */
  byCause(causes: number): readonly (readonly number[])[] {
    const found = Array.from({ length: causes }, (): number[] => []);
    const { words, size, stride } = this.#table;
    for (let peer = 0; peer < size; peer++) found[words[peer * stride] as number]?.push(peer);
    return found;
  }

  /** Those with the most conversations, of equal ones the lower address. */
  most(peers: readonly number[]): Cause['examples'] {
    const first: number[] = [];
    for (const peer of peers) {
      let place = first.length;
      while (place > 0 && this.#isBefore(peer, first[place - 1] as number)) place--;
      if (place >= EXAMPLES) continue;
      first.splice(place, 0, peer);
      if (first.length > EXAMPLES) first.pop();
    }
    const { words, stride } = this.#table;
    return first.map((peer) => ({
      words: [...words.subarray(peer * stride + 1, (peer + 1) * stride)],
      family: this.#family,
      conversations: this.#counts[peer] as number,
    }));
  }

  #isBefore(a: number, b: number): boolean {
    const more = (this.#counts[a] as number) - (this.#counts[b] as number);
    if (more !== 0) return more > 0;
    const { words, stride } = this.#table;
    let word = 1;
    while (word < stride - 1 && words[a * stride + word] === words[b * stride + word]) word++;
    return (words[a * stride + word] as number) < (words[b * stride + word] as number);
  }
}

/** Their order in an answer. */
function rank({ effect }: Cause): number {
  return effect === NEWLY_BLOCKED ? 0 : effect === NEWLY_ALLOWED ? 1 : effect;
}
