/**
 * Runs scripts for `nft`, one after the other.
 *
 * In:    a script for the table of flowgauge. Out: what nft prints, as it comes.
 * Holds: only scripts that `nft-script.ts` takes are run, without a shell; in a network namespace where one is named. A script
 *        that only lists, and more than one thing, is read line by line: as one transaction nft 1.0.6 would look for
 *        all of them in what it has read of the first. It is one process all the same, where nft can be talked to. To the
 *        chains of nft the tables of iptables-legacy are added, in a line that begins with `LEGACY`: `?` where they cannot be known.
 *        Sets are printed to a file in memory and read when nft has ended: 1.0.6 writes some 17 pieces for each element, and
 *        through a pipe each of them may wake the reader (20,000 elements took 0.55 s of CPU, and 0.21 s so).
 * Fails: FG_NFT_REFUSED, FG_NFT_FAILED; then nothing of the script holds.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../model/errors.ts';
import { localLegacyTables } from './legacy-tables.ts';
import { CHAINS, LEGACY, refusedLine } from './nft-script.ts';

/** Runs a script to its end; `hear` gets what it prints. */
export type Nft = (script: string, hear?: (text: string) => void) => Promise<void>;

const NAMESPACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Without a home nft keeps no history of lines. */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', HOME: '/nonexistent' };
const WORDS_LENGTH = 2000;
/** In memory; where it is not there the temporary directory serves. */
const SHARED_MEMORY = '/dev/shm';
const PIECE_BYTES = 256 * 1024;

/**
 * Runs `nft` with the rights of this process.
 *
 * @param namespace  a network namespace as `ip netns` names it; null: this one
 */
export function localNft(namespace: string | null): Nft {
  if (namespace !== null && !NAMESPACE.test(namespace))
    throw failure('FG_NFT_FAILED', `in "${namespace}"`, 'that is no name of a network namespace');
  const place = namespace === null ? 'here' : `in namespace ${namespace}`;
  // Protocols as numbers; times not, for then they would be whole seconds.
  const runWith = (
    options: readonly string[],
    script: string,
    hear: (text: string) => void,
    into: FileHandle | null = null,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const nft = ['nft', '-p', ...options];
      const [program, ...words] = namespace === null ? nft : ['ip', 'netns', 'exec', namespace, ...nft];
      const child = spawn(program!, words, { stdio: ['pipe', into?.fd ?? 'pipe', 'pipe'], env: ENVIRONMENT });
      let said = '';
      child.stdout?.setEncoding('latin1').on('data', hear);
      child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, WORDS_LENGTH)));
      // One that ends early takes no more; why is in its words.
      child.stdin!.on('error', () => {});
      child.on('error', (error) => reject(failure('FG_NFT_FAILED', place, error.message)));
      child.on('close', (code) => {
        // Line by line an error is said, and the next line read.
        if (code === 0 && (said === '' || options[0] !== '-i')) resolve();
        else reject(failure('FG_NFT_FAILED', place, said.trim() || `exit ${code}`));
      });
      child.stdin!.end(script);
    });
  const listWith = async (options: readonly string[], script: string, hear: (text: string) => void): Promise<void> => {
    const file = await openScratch(place);
    try {
      await runWith(options, script, () => {}, file);
      const whole = await readPieces(file, hear);
      // nft does not say that a write failed.
      if (!whole) throw failure('FG_NFT_FAILED', place, `what it printed found no room in ${SHARED_MEMORY}`);
    } finally {
      await file.close();
    }
  };
  let canTalk = true;
  const run = async (script: string, hear: (text: string) => void): Promise<void> => {
    const lines = script.trimEnd().split('\n');
    if (script === CHAINS) {
      await runWith(['-f', '-'], script, hear);
      const legacy = await localLegacyTables(namespace);
      return hear(`${LEGACY}${legacy === null ? '?' : legacy.join(' ')}\n`);
    }
    if (!lines.every((line) => line.startsWith('list set '))) return runWith(['-f', '-'], script, hear);
    if (canTalk && lines.length > 1)
      try {
        return await listWith(['-i'], script, hear);
      } catch (error) {
        if (!/not supported in this build/.test(String(error))) throw error;
        canTalk = false;
      }
    for (const line of lines) await listWith(['-f', '-'], `${line}\n`, hear);
  };
  let last: Promise<void> = Promise.resolve();
  return (script, hear = () => {}) => {
    const line = refusedLine(script);
    if (line !== null) return Promise.reject(failure('FG_NFT_REFUSED', line));
    const done = last.then(() => (script === '' ? undefined : run(script, hear)));
    last = done.catch(() => {});
    return done;
  };
}

/** A file without a name, for whoever has it open. */
async function openScratch(place: string): Promise<FileHandle> {
  let why: unknown;
  for (const folder of [SHARED_MEMORY, tmpdir()])
    try {
      const path = join(folder, `flowgauge-nft-${randomUUID()}`);
      const file = await open(path, 'wx+', 0o600);
      await unlink(path);
      return file;
    } catch (error) {
      why = error;
    }
  throw failure('FG_NFT_FAILED', place, `no file for its listings: ${String(why)}`);
}

/** Reads a file from its beginning; whether it ends as a listing does. */
async function readPieces(file: FileHandle, hear: (text: string) => void): Promise<boolean> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let end = '';
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, at);
    if (bytesRead === 0) return end.endsWith('}\n');
    const text = piece.toString('latin1', 0, bytesRead);
    hear(text);
    end = (end + text).slice(-2);
    at += bytesRead;
  }
}
