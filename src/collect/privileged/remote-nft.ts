/**
 * Has the process with capabilities run scripts for `nft`.
 *
 * In:    the stream to it. Out: as `localNft`.
 * Holds: scripts are run one after the other.
 * Fails: as `localNft`; FG_KERNEL_TAKEN; FG_KERNEL_SIDE_GONE where that process has ended.
 */
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../model/errors.ts';
import { failure, FlowgaugeError } from '../../model/errors.ts';
import { DONE, FAILED, onFrames, OUTPUT, SCRIPT, sendFrame } from './nft-wire.ts';
import type { Nft } from './run-nft.ts';

type Asked = { readonly hear: (text: string) => void; readonly done: (error: Error | null) => void };

/** Speaks to the other end of a stream. */
export function nftOver(socket: Socket): Nft {
  const asked: Asked[] = [];
  let isGone = false;
  const gone = (): void => {
    isGone = true;
    for (const { done } of asked.splice(0)) done(failure('FG_KERNEL_SIDE_GONE'));
  };
  socket.on('error', gone).on('close', gone);
  onFrames(socket, (kind, said) => {
    if (kind === OUTPUT) asked[0]?.hear(said.toString('latin1'));
    else if (kind === DONE) asked.shift()?.done(null);
    else if (kind === FAILED) {
      const { code, message } = JSON.parse(said.toString('utf8')) as { code: ErrorCode; message: string };
      asked.shift()?.done(new FlowgaugeError(code, message));
    }
  });
  return (script, hear = () => {}) => {
    if (isGone) return Promise.reject(failure('FG_KERNEL_SIDE_GONE'));
    if (script === '') return Promise.resolve();
    return new Promise((resolve, reject) => {
      asked.push({ hear, done: (error) => (error === null ? resolve() : reject(error)) });
      sendFrame(socket, SCRIPT, Buffer.from(script));
    });
  };
}
