/**
 * How tcpdump is called, and what it says on stderr.
 *
 * In:    an order. Out: arguments; facts read from its lines.
 * Holds: the capture goes to its standard output, so it needs to open nothing after it has become the user `tcpdump`.
 *        With -U each packet is written as it is read. Without it what waits would have to be asked for by SIGUSR2, whose
 *        handler writes the same buffer out in the middle of a write: a reader that was slow once got a torn stream. With
 *        --immediate-mode the kernel hands each over as it comes, not after up to a second; that this costs little is the
 *        reader's doing, which lets it wait for room. Link type 276 names device and side.
 * Fails: never.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { CaptureOrder } from './commands.ts';

/** 64 MiB of kernel buffer: none lost at 224,000 packets a second, where 4 MiB lost 10 %. */
const BUFFER_KIBIBYTES = 65_536;
/** Of some devices, for there may be several captures of some. */
const SOME_BUFFER_KIBIBYTES = 16_384;

/** Where tcpdump is; null where it is not installed. Debian keeps it where not every PATH looks. */
export function tcpdumpPath(path: string = process.env['PATH'] ?? ''): string | null {
  for (const folder of [...path.split(delimiter), '/usr/bin', '/usr/sbin', '/sbin', '/usr/local/sbin']) {
    const file = join(folder, 'tcpdump');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return null;
}

/** Arguments for an order; `keepRoot` where the user `tcpdump` cannot be become. */
export function tcpdumpArguments(
  order: Pick<CaptureOrder, 'devices' | 'snapLength' | 'only'>,
  keepRoot: boolean,
): string[] {
  const only = order.only ?? [];
  return [
    '-i',
    order.devices,
    ...(order.devices === 'any' ? ['-y', 'LINUX_SLL2'] : []),
    '-n',
    '-U',
    '--immediate-mode',
    '-w',
    '-',
    '-s',
    String(order.snapLength),
    '-B',
    String(only.length === 0 ? BUFFER_KIBIBYTES : SOME_BUFFER_KIBIBYTES),
    ...(keepRoot ? ['-Z', 'root'] : []),
    // The kernel asks it before it copies a frame.
    ...(only.length === 0 ? [] : [only.map((index) => `ifindex ${index}`).join(' or ')]),
  ];
}

/** Whether a line says that the capture has begun. */
export function isListening(line: string): boolean {
  return line.includes('listening on ');
}

/** Packets lost by kernel and device since the start, as SIGUSR1 or the end prints it; null in other lines. */
export function dropsIn(line: string): number | null {
  let total: number | null = null;
  for (const [, packets] of line.matchAll(/(\d+) packets? dropped by (?:kernel|interface)/g)) {
    total = (total ?? 0) + Number(packets);
  }
  return total;
}

/** Whether tcpdump gave up because it could not become the user it was built for (a user namespace, a bare container). */
export function cannotChangeUser(words: string): boolean {
  return /Couldn't (?:change to|find user)/.test(words);
}

/** Whether tcpdump gave up because there is no device of that name. */
export function lacksDevice(words: string): boolean {
  return /no such device/i.test(words);
}

/** The line that says why, without the program's name. */
export function reasonIn(words: string): string {
  const lines = words.split('\n').map((line) => line.replace(/^tcpdump: /, '').trim());
  const told = lines.filter(
    (line) => line !== '' && !isListening(line) && dropsIn(line) === null && !/^\d+ packets|data link type/.test(line),
  );
  // Newer ones say some reasons twice, the second time in brackets.
  return told.join(' ').replace(/(?<=: )(.+) \(\1\)$/, '$1') || 'it said nothing';
}
