/**
 * Frames of link type 239: what the kernel's NFLOG handed to `tcpdump -i nflog:N`.
 *
 * In:    family, version, group, then length-type-value triples: lengths and types in the host's order, values in the
 *        network's. Out: an outcome; GIVEN with mark, device, side and the kernel's own time in the row.
 * Holds: TLV 1 packet header, 2 mark, 3 timestamp, 4 device in, 5 device out, 9 payload; others are passed over. A packet
 *        with only one device has that one's side; a forwarded one has the device it came in by, side not known.
 *        The kernel cuts the payload and does not say so: a payload shorter than its IP length is cut, not malformed.
 * Fails: never.
 * @see linux/netfilter/nfnetlink_log.h; https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html
 */
import { SIDE_RECEIVED, SIDE_SENT, SIDE_UNKNOWN, type PacketBatch } from '../../../model/batch.ts';
import type { FrameDecoder } from './frames.ts';
import { clearRow } from './headers.ts';
import { ARP, CUT, GIVEN, MALFORMED, NOT_IP, type Outcome } from './outcome.ts';

const LINK_NFLOG = 239;

/** One NFLOG frame. */
export function nflogFrame(
  frames: FrameDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wire: number,
  batch: PacketBatch,
  row: number,
): Outcome {
  const wasCut = end - at < wire;
  if (end - at < 4) return wasCut ? CUT : MALFORMED;
  let etherType = 0;
  let mark = 0;
  let atMicros = -1;
  let deviceIn = 0;
  let deviceOut = 0;
  let payload = -1;
  let payloadEnd = -1;
  let p = at + 4;
  while (p + 4 <= end) {
    const length = frames.bigEndian ? (bytes[p]! << 8) | bytes[p + 1]! : (bytes[p + 1]! << 8) | bytes[p]!;
    const type =
      (frames.bigEndian ? (bytes[p + 2]! << 8) | bytes[p + 3]! : (bytes[p + 3]! << 8) | bytes[p + 2]!) & 0x7fff;
    if (length < 4 || (p + length > end && !wasCut)) return MALFORMED;
    const value = p + 4;
    const valueEnd = Math.min(p + length, end);
    const size = valueEnd - value;
    if (type === 9) {
      payload = value;
      payloadEnd = valueEnd;
    } else if (type === 1 && size >= 4) {
      etherType = (bytes[value]! << 8) | bytes[value + 1]!;
    } else if (type === 2 && size >= 4) {
      mark = u32(bytes, value);
    } else if (type === 3 && size >= 16) {
      const seconds = u32(bytes, value) * 0x1_0000_0000 + u32(bytes, value + 4);
      atMicros = seconds * 1e6 + u32(bytes, value + 8) * 0x1_0000_0000 + u32(bytes, value + 12);
    } else if (type === 4 && size >= 4) {
      deviceIn = u32(bytes, value);
    } else if (type === 5 && size >= 4) {
      deviceOut = u32(bytes, value);
    }
    p += (length + 3) & ~3;
  }
  if (payload < 0) return wasCut ? CUT : NOT_IP;
  if (atMicros > Number.MAX_SAFE_INTEGER) return MALFORMED;
  if (atMicros >= 0) batch.atMicros[row] = atMicros;

  const outcome = packet(frames, bytes[at]!, etherType, bytes, payload, payloadEnd, batch, row);
  if (outcome !== GIVEN) return outcome;
  const ifindex = deviceIn !== 0 ? deviceIn : deviceOut;
  if (ifindex !== 0) {
    const device = frames.devices.ofIndex(ifindex, LINK_NFLOG);
    if (device < 0) {
      clearRow(batch, row);
      return MALFORMED;
    }
    batch.device[row] = device;
    if (deviceIn !== 0 && deviceOut !== 0) batch.side[row] = SIDE_UNKNOWN;
    else batch.side[row] = deviceIn !== 0 ? SIDE_RECEIVED : SIDE_SENT;
  }
  batch.mark[row] = mark;
  return GIVEN;
}

function packet(
  frames: FrameDecoder,
  family: number,
  etherType: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  batch: PacketBatch,
  row: number,
): Outcome {
  const have = end - at;
  // Family 2 and 10 are the host's AF_INET and AF_INET6; 7 is a bridge, whose EtherType the packet header names.
  const is4 = family === 2 || (family === 7 && etherType === 0x0800);
  const is6 = family === 10 || (family === 7 && etherType === 0x86dd);
  if (is4) {
    const size = have >= 4 ? (bytes[at + 2]! << 8) | bytes[at + 3]! : 20;
    return frames.headers.ip4(bytes, at, end, Math.max(have, size), batch, row);
  }
  if (is6) {
    const size = have >= 6 ? 40 + ((bytes[at + 4]! << 8) | bytes[at + 5]!) : 40;
    return frames.headers.ip6(bytes, at, end, Math.max(have, size), batch, row);
  }
  return etherType === 0x0806 || family === 3 ? ARP : NOT_IP;
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
