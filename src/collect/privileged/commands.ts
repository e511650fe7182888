/**
 * What may be asked of the child that has capabilities, and what it tells.
 *
 * In:    a message of the other side. Out: a command of the closed list, or null.
 * Holds: whatever else comes is no command. A device name cannot be an option, a snap length is a number in bounds, what is chosen
 *        of all devices is their numbers.
 * Fails: never.
 */

/**
 * `packets`: what flow logs are made of; `packets-1`, `packets-2`, …: the same of some devices each, into the FIFO that `packets` holds. `rejects`: what the
 * kernel rejected just now, to be looked at.
 */
export type CaptureName = 'packets' | `packets-${number}` | 'rejects';

export type CaptureOrder = {
  /** `any`, or one device, or `nflog:N`. */
  readonly devices: string;
  readonly snapLength: number;
  readonly fifo: string;
  /** Of `any` the devices with these numbers alone are captured. */
  readonly only?: readonly number[];
};

/**
 * `may` asks whether a capture would begin; `hold` opens the FIFO of one that begins later, or never; `stop` drains the kernel's buffer first unless `now`.
 */
export type Command =
  | ({ readonly do: 'start'; readonly name: CaptureName } & CaptureOrder)
  | { readonly do: 'hold'; readonly name: CaptureName; readonly fifo: string }
  | { readonly do: 'may' }
  | { readonly do: 'stop'; readonly name: CaptureName; readonly now: boolean };

/** `ended`: tcpdump is no more; `words` is what it said last. `drops` is a sum since the start. */
export type Told =
  | { readonly is: 'ready' }
  /** Null: it would; else why not, and what helps. */
  | { readonly is: 'may'; readonly why: string | null }
  | { readonly is: 'listening'; readonly name: CaptureName }
  | { readonly is: 'drops'; readonly name: CaptureName; readonly total: number }
  | { readonly is: 'ended'; readonly name: CaptureName; readonly asked: boolean; readonly words: string };

/** A filter of the kernel has 4,096 instructions at most. */
export const MOST_ONLY = 200;

/** Reads a command. */
export function readCommand(message: unknown): Command | null {
  if (typeof message !== 'object' || message === null || !('do' in message)) return null;
  if (message.do === 'may') return { do: 'may' };
  const { name } = message as { name?: unknown };
  if (!isName(name)) return null;
  if (message.do === 'stop') return { do: 'stop', name, now: 'now' in message && message.now === true };
  if (!('fifo' in message)) return null;
  const { fifo } = message;
  if (typeof fifo !== 'string' || !fifo.startsWith('/') || fifo.includes('\0')) return null;
  if (message.do === 'hold') return { do: 'hold', name, fifo };
  if (message.do !== 'start' || !('devices' in message) || !('snapLength' in message)) return null;
  const { devices, snapLength } = message;
  // What the kernel takes for a device's name, and nothing that begins like an option.
  if (typeof devices !== 'string' || !/^[^\s/-][^\s/]{0,14}$/.test(devices)) return null;
  if (typeof snapLength !== 'number' || !Number.isInteger(snapLength) || snapLength < 64 || snapLength > 262_144)
    return null;
  const { only } = message as { only?: unknown };
  if (only === undefined) return { do: 'start', name, devices, snapLength, fifo };
  if (devices !== 'any' || !Array.isArray(only) || only.length > MOST_ONLY || !only.every(isIndex)) return null;
  return { do: 'start', name, devices, snapLength, fifo, only };
}

function isName(value: unknown): value is CaptureName {
  return (
    value === 'packets' || value === 'rejects' || (typeof value === 'string' && /^packets-[1-9]\d{0,8}$/.test(value))
  );
}

/** Whether something is the number of a device. */
function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 0x7fff_ffff;
}
