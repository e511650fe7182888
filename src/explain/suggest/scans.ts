/**
 * Points that are scans.
 *
 * In:    points with what became of them. Out: of each whether its source scans.
 * Holds: a source from outside scans when it tried ten targets (interface and port) or more and at least half of them failed; then nothing of
 *        it is a need, not even what answered. An interface scans outwards on a port, or at one address, when it tried ten
 *        targets or more there and at least three quarters failed.
 */
import { INGRESS } from '../../network/verdict/group-rules.ts';
import { grown, WordTable } from '../conversations/word-table.ts';
import type { Needs } from './needs.ts';
import { POINT_WORDS } from './needs.ts';

const TARGETS = 10;
const FAILED_SHARE_IN = 1 / 2;
const FAILED_SHARE_OUT = 3 / 4;

/** Targets and failures of sources. */
class Sources {
  readonly #table = new WordTable(7);
  #targets: Float64Array<ArrayBuffer> = new Float64Array(0);
  #failed: Float64Array<ArrayBuffer> = new Float64Array(0);
  readonly #share: number;

  constructor(share: number) {
    this.#share = share;
  }

  number(words: readonly number[]): number {
    this.#table.key.fill(0);
    this.#table.key.set(words);
    const number = this.#table.number();
    this.#targets = grown(this.#targets, this.#table.size);
    this.#failed = grown(this.#failed, this.#table.size);
    return number;
  }

  add(number: number, isFailed: boolean): void {
    this.#targets[number]!++;
    if (isFailed) this.#failed[number]!++;
  }

  scans(number: number): boolean {
    const targets = this.#targets[number] as number;
    return targets >= TARGETS && (this.#failed[number] as number) >= targets * this.#share;
  }
}

/** By point, 1: a scan. */
export function findScans(needs: Needs): Uint8Array {
  const { words, size } = needs.table;
  const from = new Sources(FAILED_SHARE_IN);
  const byPort = new Sources(FAILED_SHARE_OUT);
  const byAddress = new Sources(FAILED_SHARE_OUT);
  const sources: (readonly (readonly [Sources, number])[])[] = [];
  for (let point = 0; point < size; point++) {
    const [head = 0, port = 0, at = 0, w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.subarray(
      point * POINT_WORDS,
      (point + 1) * POINT_WORDS,
    );
    const own: readonly (readonly [Sources, number])[] =
      (head & 1) === INGRESS
        ? [[from, from.number([head & 2, w0, w1, w2, w3])]]
        : [
            [byPort, byPort.number([head, port, at])],
            [byAddress, byAddress.number([head, at, w0, w1, w2, w3])],
          ];
    for (const [list, number] of own) list.add(number, !needs.isUsed(point));
    sources.push(own);
  }
  return Uint8Array.from(sources, (own) => (own.some(([list, number]) => list.scans(number)) ? 1 : 0));
}
