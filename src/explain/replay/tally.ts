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

const CAUSE_WORDS = 7;
const PEER_WORDS = 6;

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
  translated = 0;
  /** By what their opener was told by. */
  readonly openers: Float64Array = new Float64Array(6);
  /** Conversations whose cause, or whose peer, was one too many to be kept. */
  beyondCauses = 0;
  beyondPeers = 0;
  readonly #causes = new WordTable(CAUSE_WORDS, MOST_CAUSES);
  readonly #peers = new WordTable(PEER_WORDS, MOST_PEERS);
  #counts = new Float64Array(0);
  #packets = new Float64Array(0);
  #bytes = new Float64Array(0);
  #last = new Float64Array(0);
  #peerCounts = new Float64Array(0);

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
    key[0] = judged.effect | (judged.request << 4) | (judged.isFarEnd ? 32 : 0);
    key[1] = judged.at;
    key[2] =
      ((batch.protocol[row] as number) << 16) | ((isIn ? batch.localPort[row] : batch.remotePort[row]) as number);
    key[3] = judged.before | (judged.after << 8);
    key[4] = judged.beforeRule;
    key[5] = judged.afterRule;
    key[6] = batch.at[row] as number;
    const cause = this.#causes.number();
    if (cause < 0) {
      this.beyondCauses++;
      return;
    }
    const { size } = this.#causes;
    this.#counts = grown(this.#counts, size);
    this.#packets = grown(this.#packets, size);
    this.#bytes = grown(this.#bytes, size);
    this.#last = grown(this.#last, size);
    this.#counts[cause]!++;
    this.#packets[cause]! += packets;
    this.#bytes[cause]! += bytes;
    const last = Math.max(batch.ingress.lastSeconds[row] as number, batch.egress.lastSeconds[row] as number);
    if (last > (this.#last[cause] as number)) this.#last[cause] = last;
    const peer = this.#peers.key;
    peer[0] = cause;
    peer[1] = batch.family[row] as number;
    for (let word = 0; word < 4; word++) peer[2 + word] = batch.remote[row * 4 + word] as number;
    const number = this.#peers.number();
    if (number < 0) {
      this.beyondPeers++;
      return;
    }
    this.#peerCounts = grown(this.#peerCounts, this.#peers.size);
    this.#peerCounts[number]!++;
  }

  /** All causes: newly blocked ones first, then newly allowed, then what is not explained; of each the most conversations first. */
  causes(): readonly Cause[] {
    const peersOf = Array.from({ length: this.#causes.size }, (): number[] => []);
    for (let peer = 0; peer < this.#peers.size; peer++)
      peersOf[this.#peers.words[peer * PEER_WORDS] as number]?.push(peer);
    const made = peersOf.map((peers, cause) => this.#cause(cause, peers));
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

  #cause(cause: number, peers: readonly number[]): Cause {
    const [head = 0, at = 0, service = 0, verdicts = 0, beforeRule = 0, afterRule = 0, recordedAt = 0] =
      this.#causes.words.subarray(cause * CAUSE_WORDS, (cause + 1) * CAUSE_WORDS);
    return {
      effect: head & 15,
      at,
      isFarEnd: (head & 32) !== 0,
      request: (head >> 4) & 1,
      protocol: service >>> 16,
      port: service & 0xffff,
      before: verdicts & 255,
      beforeRule,
      after: verdicts >>> 8,
      afterRule,
      recordedAt,
      conversations: this.#counts[cause] as number,
      packets: this.#packets[cause] as number,
      bytes: this.#bytes[cause] as number,
      lastSeconds: this.#last[cause] as number,
      peers: peers.length,
      examples: this.#examples(peers).map((peer) => {
        const at = peer * PEER_WORDS;
        const family = this.#peers.words[at + 1] === 6 ? 6 : 4;
        const words = [...this.#peers.words.subarray(at + 2, at + (family === 6 ? 6 : 3))];
        return { words, family, conversations: this.#peerCounts[peer] as number };
      }),
    };
  }

  /** The peers with the most conversations, of equal ones the lower address. */
  #examples(peers: readonly number[]): readonly number[] {
    const first: number[] = [];
    for (const peer of peers) {
      let place = first.length;
      while (place > 0 && this.#isBefore(peer, first[place - 1] as number)) place--;
      if (place >= EXAMPLES) continue;
      first.splice(place, 0, peer);
      if (first.length > EXAMPLES) first.pop();
    }
    return first;
  }

  #isBefore(a: number, b: number): boolean {
    const more = (this.#peerCounts[a] as number) - (this.#peerCounts[b] as number);
    if (more !== 0) return more > 0;
    const { words } = this.#peers;
    let word = 1;
    while (word < PEER_WORDS - 1 && words[a * PEER_WORDS + word] === words[b * PEER_WORDS + word]) word++;
    return (words[a * PEER_WORDS + word] as number) < (words[b * PEER_WORDS + word] as number);
  }
}

/** Their order in an answer. */
function rank({ effect }: Cause): number {
  return effect === NEWLY_BLOCKED ? 0 : effect === NEWLY_ALLOWED ? 1 : effect;
}
