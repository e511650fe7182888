/**
 * How the elements of our sets are asked for, whoever reads them.
 *
 * In:    names of sets. Out: nft's listing of them in pieces, or the kernel's own messages.
 * Fails: FG_NFT_FAILED, and what the way to the process with capabilities may.
 */
import { TABLE } from './nft-script.ts';
import type { Nft } from './run-nft.ts';

/** Takes what comes, in one form or the other. */
export type HearSets = {
  /** A piece of what `nft list set` prints, cut anywhere. */
  readonly text: (piece: string) => void;
  /** Whole messages of netlink; theirs until the next call. */
  readonly messages: (piece: Uint8Array) => void;
};

/** Lists sets in their order; those with no elements may be left out. */
export type ListSets = (names: readonly string[], hear: HearSets) => Promise<void>;

/** Through nft. */
export function listByNft(nft: Nft): ListSets {
  return (names, { text }) => nft(names.map((name) => `list set ${TABLE} ${name}\n`).join(''), text);
}
