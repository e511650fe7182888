/**
 * How scripts for `nft` and what it prints cross from process to process.
 *
 * In:    a stream. Out: frames: four bytes of length, one of kind, what it says.
 * Holds: a script is answered by pieces of output and one end; scripts and lists come one after the other. Whoever asks can reach the
 *        process with capabilities without the process between them, so that none of them waits for another's work.
 * Fails: never; a frame that is too long to be one ends the stream.
 */
import type { Socket } from 'node:net';

/** Asks for a script to be run. */
export const SCRIPT = 1;
/** A piece of what nft prints, in Latin-1. */
export const OUTPUT = 2;
/** It has run. */
export const DONE = 3;
/** It has not: code and words. */
export const FAILED = 4;

const HEAD_BYTES = 5;
/** A network of 500 interfaces with 20 rules each takes 2 MB. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Asks for sets, a name in each line; answered as a script is, in one form or the other. */
export const LIST = 5;
/** Messages of netlink. */
export const MESSAGES = 6;

/** The descriptor by which a child has its end. */
export const NFT_FD = 4;

/** Sends a frame; what it says is the caller's again. */
export function sendFrame(to: Socket, kind: number, said: Uint8Array): void {
  // In one piece for the system.
  const frame = Buffer.allocUnsafe(HEAD_BYTES + said.length);
  frame.writeUInt32LE(said.length);
  frame[4] = kind;
  frame.set(said, HEAD_BYTES);
  to.write(frame);
}

/** Calls for each frame that comes. */
export function onFrames(from: Socket, take: (kind: number, said: Buffer) => void): void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let wanted = HEAD_BYTES;
  from.on('data', (piece: Buffer) => {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < wanted) return;
    let all = pieces.length === 1 ? piece : Buffer.concat(pieces);
    for (;;) {
      wanted = all.length < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + all.readUInt32LE();
      if (wanted > MOST_BYTES) {
        from.destroy();
        return;
      }
      if (all.length < wanted) break;
      take(all[4]!, all.subarray(HEAD_BYTES, wanted));
      all = all.subarray(wanted);
    }
    pieces = all.length === 0 ? [] : [all];
    bytes = all.length;
  });
}
