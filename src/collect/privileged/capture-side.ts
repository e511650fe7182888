/**
 * The way to the process with capabilities: a child of ours, or the parent that kept them when it started us without.
 *
 * In:    commands. Out: what it tells.
 * Holds: a child is started with this process's rights and keeps them when this process gives up its own. The parent is spoken
 *        to over the channel that it made; when that closes, it is gone.
 */
import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { childFile, WITH_NFT } from './child.ts';
import type { Command, Told } from './commands.ts';
import { NFT_FD } from './nft-wire.ts';

/** Set by `keep-capabilities.ts` for the program that it starts. */
export const PARENT_CAPTURES = 'FLOWGAUGE_PARENT_CAPTURES';

export type CaptureSide = {
  readonly pid: number | null;
  /** A way to its nft; null where none was asked for. To be handed to whoever uses it. */
  readonly nft: Socket | null;
  /** One that has ended cannot be told any more; `gone` says so. */
  send(command: Command): void;
  /** `gone`: nothing more comes; the error where it could not be started. */
  listen(hear: (told: Told) => void, gone: (error: Error | null) => void): void;
};

/**
 * The parent where it captures, else a new child.
 *
 * @param said     told of lines on a child's stderr; default: they go to ours
 * @param withNft  whether it is to run nft too
 */
export function captureSide(said?: (line: string) => void, withNft = false): CaptureSide {
  if (parentCaptures()) return parentSide(withNft);
  const child = fork(childFile, withNft ? [WITH_NFT] : [], {
    detached: true,
    stdio: ['ignore', 'ignore', said === undefined ? 'inherit' : 'pipe', 'ipc', ...(withNft ? ['pipe' as const] : [])],
    execArgv: [],
  });
  if (said !== undefined) createInterface({ input: child.stderr! }).on('line', said);
  return {
    pid: child.pid ?? null,
    nft: withNft ? (child.stdio[NFT_FD] as Socket) : null,
    send: (command) => {
      if (child.connected) child.send(command, () => {});
    },
    listen(hear, gone) {
      child.on('message', hear);
      child.on('error', gone);
      child.on('exit', () => gone(null));
    },
  };
}

/** What the parent answers to `may` where it captures, else what `here` finds. */
export function askParent(here: () => Promise<string | null>): Promise<string | null> {
  if (!parentCaptures()) return here();
  const side = parentSide(false);
  const { promise, resolve } = Promise.withResolvers<string | null>();
  side.listen(
    (told) => {
      if (told.is === 'ready') side.send({ do: 'may' });
      else if (told.is === 'may') resolve(told.why);
    },
    () => resolve('the process that may capture has ended; start again'),
  );
  return promise;
}

/** Lets the parent go, where it captures: an open channel would keep this process. */
export function leaveParent(): void {
  if (parentCaptures() && process.connected) process.disconnect();
}

function parentCaptures(): boolean {
  return process.env[PARENT_CAPTURES] === '1' && process.send !== undefined;
}

function parentSide(withNft: boolean): CaptureSide {
  return {
    pid: process.ppid,
    nft: withNft ? new Socket({ fd: NFT_FD }) : null,
    send: (command) => {
      if (process.connected) process.send!(command, undefined, undefined, () => {});
    },
    listen(hear, gone) {
      const end = (): void => {
        process.off('message', listener);
        process.off('disconnect', end);
        gone(null);
      };
      const listener = (told: Told): void => {
        hear(told);
        // It goes on, for another capture; this one is over.
        if ((told.is === 'ended' && told.name === 'packets') || told.is === 'may') end();
      };
      process.on('message', listener);
      process.on('disconnect', end);
      if (process.connected) setImmediate(() => hear({ is: 'ready' }));
      else setImmediate(end);
    },
  };
}
