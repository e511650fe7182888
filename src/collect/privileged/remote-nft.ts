/**
 * Has the process with capabilities run scripts for `nft` and read sets.
 *
 * In:    the stream to it. Out: as `localNft` and `localListSets`.
 * Holds: what is asked is done one after the other.
 * Fails: as `localNft`; FG_KERNEL_TAKEN; FG_KERNEL_SIDE_GONE where that process has ended.
 */
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../model/errors.ts';
import { failure, FlowgaugeError } from '../../model/errors.ts';
import type { HearSets, ListSets } from './list-sets.ts';
import { DONE, FAILED, LIST, MESSAGES, onFrames, OUTPUT, SCRIPT, sendFrame } from './nft-wire.ts';
import type { Nft } from './run-nft.ts';

type Asked = { readonly hear: HearSets; readonly done: (error: Error | null) => void };

/** What the other process does. */
export type RemoteNft = { readonly nft: Nft; readonly list: ListSets };

/** Speaks to the other end of a stream. */
export function nftOver(socket: Socket): RemoteNft {
  const asked: Asked[] = [];
  let isGone = false;
  const gone = (): void => {
    isGone = true;
    for (const { done } of asked.splice(0)) done(failure('FG_KERNEL_SIDE_GONE'));
  };
  socket.on('error', gone).on('close', gone);
  onFrames(socket, (kind, said) => {
    if (kind === OUTPUT) asked[0]?.hear.text(said.toString('latin1'));
    else if (kind === MESSAGES) asked[0]?.hear.messages(said);
    else if (kind === DONE) asked.shift()?.done(null);
    else if (kind === FAILED) {
      const { code, message } = JSON.parse(said.toString('utf8')) as { code: ErrorCode; message: string };
      asked.shift()?.done(new FlowgaugeError(code, message));
    }
  });
  const ask = (kind: number, words: string, hear: HearSets): Promise<void> => {
    if (isGone) return Promise.reject(failure('FG_KERNEL_SIDE_GONE'));
    if (words === '') return Promise.resolve();
    return new Promise((resolve, reject) => {
      asked.push({ hear, done: (error) => (error === null ? resolve() : reject(error)) });
      sendFrame(socket, kind, Buffer.from(words));
    });
  };
  return {
    nft: (script, hear = () => {}) => ask(SCRIPT, script, { text: hear, messages: () => {} }),
    list: (names, hear) => ask(LIST, names.join('\n'), hear),
  };
}
