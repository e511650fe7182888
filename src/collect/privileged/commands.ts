/**
 * What may be asked of the child that has capabilities, and what it tells.
 *
 * In:    a message of the other side. Out: a command of the closed list, or null.
 * Holds: whatever else comes is no command. A device name cannot be an option, a snap length is a number in bounds.
 * Fails: never.
 */

/** `any`, or one device. */
export type CaptureOrder = { readonly devices: string; readonly snapLength: number; readonly fifo: string };

/** `may` asks whether a capture would begin; `flush` writes out what tcpdump holds; `stop` drains the kernel's buffer first unless `now`. */
export type Command =
  | ({ readonly do: 'start' } & CaptureOrder)
  | { readonly do: 'may' }
  | { readonly do: 'flush' }
  | { readonly do: 'stop'; readonly now: boolean };

/** `ended`: tcpdump is no more; `words` is what it said last. `drops` is a sum since the start. */
export type Told =
  | { readonly is: 'ready' }
  /** Null: it would; else why not, and what helps. */
  | { readonly is: 'may'; readonly why: string | null }
  | { readonly is: 'listening' }
  | { readonly is: 'drops'; readonly total: number }
  | { readonly is: 'ended'; readonly asked: boolean; readonly words: string };

/** Reads a command. */
export function readCommand(message: unknown): Command | null {
  if (typeof message !== 'object' || message === null || !('do' in message)) return null;
  if (message.do === 'may') return { do: 'may' };
  if (message.do === 'flush') return { do: 'flush' };
  if (message.do === 'stop') return { do: 'stop', now: 'now' in message && message.now === true };
  if (message.do !== 'start' || !('devices' in message) || !('snapLength' in message) || !('fifo' in message))
    return null;
  const { devices, snapLength, fifo } = message;
  // What the kernel takes for a device's name, and nothing that begins like an option.
  if (typeof devices !== 'string' || !/^[^\s/-][^\s/]{0,14}$/.test(devices)) return null;
  if (typeof snapLength !== 'number' || !Number.isInteger(snapLength) || snapLength < 64 || snapLength > 262_144)
    return null;
  if (typeof fifo !== 'string' || !fifo.startsWith('/') || fifo.includes('\0')) return null;
  return { do: 'start', devices, snapLength, fifo };
}
