/**
 * The part of the process with capabilities that runs `nft` for whoever enforces or observes.
 *
 * In:    scripts on a stream. Out: what nft prints.
 * Holds: only scripts that `nft-script.ts` takes. One process for each network namespace: a name that the kernel gives back
 *        when its holder ends. When the stream ends and the table is still there, it is made to judge nothing: no packet is dropped
 *        for somebody who has gone. What it has counted stays for the next start to read.
 * Fails: tells it on the stream.
 */
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { failure, FlowgaugeError } from '../../model/errors.ts';
import type { ListSets } from './list-sets.ts';
import { localListSets, nftBesideNetlink } from './netlink.ts';
import { DONE, FAILED, LIST, MESSAGES, onFrames, OUTPUT, SCRIPT, sendFrame } from './nft-wire.ts';
import { ENTRY_CHAIN, RESET_COUNTERS, TABLE } from './nft-script.ts';
import type { Nft } from './run-nft.ts';
import { localNft } from './run-nft.ts';

/** One that was started at once again finds that the table is being given back. */
const WAIT_MILLIS = 5000;
const LOOK_MILLIS = 50;

/** A socket without a file is a network namespace's own, and goes with its process. */
const HOLDER = '\0flowgauge-nft';

/** Takes the table of this network namespace for this process; null where another one has it. */
export async function holdTable(name: string = HOLDER): Promise<Server | null> {
  const server = createServer((client) => client.destroy());
  try {
    server.listen({ path: name });
    await once(server, 'listening');
    return server.unref();
  } catch {
    return null;
  }
}

/** The script after which there is no table. */
export const REMOVAL: string = `add table ${TABLE}\ndelete table ${TABLE}\n`;
/** As `REMOVAL`, but what was counted stays: nothing is judged any more. */
export const DISARM: string = `flush chain ${TABLE} ${ENTRY_CHAIN}\n`;

/**
 * Removes a table whose holder has ended.
 *
 * @returns whether there was one
 */
export async function removeTable(nft: Nft = localNft(null)): Promise<boolean> {
  const held = await holdTable();
  if (held === null) throw failure('FG_KERNEL_TAKEN');
  try {
    const isThere = await nft(RESET_COUNTERS).then(
      () => true,
      (error: Error) => {
        if (/No such file or directory|does not exist/.test(error.message)) return false;
        throw error;
      },
    );
    if (isThere) await nft(REMOVAL);
    return isThere;
  } finally {
    held.close();
  }
}

/** As `holdTable`, where one that is about to give it back is waited for. */
async function patientHold(name: string, waitMillis: number): Promise<Server | null> {
  for (const until = performance.now() + waitMillis; ; await wait(LOOK_MILLIS)) {
    const held = await holdTable(name);
    if (held !== null || performance.now() >= until) return held;
  }
}

/**
 * Serves a stream until it ends; settles when nothing of ours is in the way of packets.
 *
 * @param waitMillis  so long another process that has the table is waited for
 */
export async function serveNft(
  socket: Socket,
  nft: Nft = nftBesideNetlink(null, localNft(null)),
  name: string = HOLDER,
  waitMillis: number = WAIT_MILLIS,
  list: ListSets = localListSets(null, nft),
): Promise<void> {
  const held: { by: Promise<Server | null> | null } = { by: null };
  let left: Promise<void> = Promise.resolve();
  let mayStand = false;
  const text = (piece: string): void => sendFrame(socket, OUTPUT, Buffer.from(piece, 'latin1'));
  const messages = (piece: Uint8Array): void => sendFrame(socket, MESSAGES, piece);
  const run = async (kind: number, asked: string): Promise<void> => {
    if ((await (held.by ??= patientHold(name, waitMillis))) === null) throw failure('FG_KERNEL_TAKEN');
    if (kind === LIST) return list(setNamesIn(asked), { text, messages });
    mayStand = true;
    await nft(asked, text);
  };
  onFrames(socket, (kind, said) => {
    if (kind !== SCRIPT && kind !== LIST) return;
    const asked = said.toString('utf8');
    left = left
      .then(() => run(kind, asked))
      .then(() => sendFrame(socket, DONE, Buffer.alloc(0)))
      .catch((error: unknown) => {
        const { code, message } =
          error instanceof FlowgaugeError ? error : failure('FG_NFT_FAILED', 'here', String(error));
        sendFrame(socket, FAILED, Buffer.from(JSON.stringify({ code, message })));
      });
  });
  socket.on('error', () => {});
  await once(socket, 'close').catch(() => {});
  await left;
  // What has no such chain judges nothing: a table that only counted is of no use to anybody now.
  if (mayStand) await nft(DISARM).catch(() => nft(REMOVAL).catch(() => {}));
  (await held.by)?.close();
}

/** Names of sets of ours; others are refused as lines of scripts are. */
function setNamesIn(asked: string): string[] {
  const names = asked.split('\n');
  const wrong = names.find((name) => !/^[a-z0-9_]{1,60}$/.test(name));
  if (wrong !== undefined) throw failure('FG_NFT_REFUSED', `set ${wrong}`);
  return names;
}
