/**
 * The capture as a child of the program that reads it, with that program's rights.
 *
 * In:    commands over its channel. Out: what `Told` lists.
 * Holds: it is in a process group of its own, so that Ctrl-C does not reach it. It ends with tcpdump, and when its parent is
 *        gone; where it also runs nft, not before whoever has it run that is gone too.
 */
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Told } from './commands.ts';
import { NFT_FD } from './nft-wire.ts';
import { CaptureServer } from './serve-capture.ts';
import { serveNft } from './serve-nft.ts';

/** This file: what to start as the child. */
export const childFile: string = fileURLToPath(import.meta.url);
/** Its argument where it is to run nft too. */
export const WITH_NFT = 'nft';

function serve(): void {
  const tell = (told: Told, sent: () => void = () => {}): void => {
    if (process.connected) process.send!(told, undefined, undefined, sent);
    else sent();
  };
  const nft = process.argv[2] === WITH_NFT ? serveNft(new Socket({ fd: NFT_FD })) : Promise.resolve();
  const capture = new CaptureServer(tell, () => void nft.then(() => process.exit(0)));
  process.on('message', (message) => capture.command(message));
  process.on('disconnect', () => capture.abandoned());
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  tell({ is: 'ready' });
}

if (import.meta.main) serve();
