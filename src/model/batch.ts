/**
 * The columns that carry packets, observations and flows from stage to stage.
 *
 * In:    nothing. Out: batches as structs of arrays; `rows` entries are valid, the arrays are longer.
 * Holds: a batch is made once and filled again, so what is in it is valid until the next call of its maker.
 *        Times are microseconds since 1970 UTC, counters are exact to 2^53, an address is one u32 (IPv4) or four,
 *        most significant first.
 */

/** Rows of a batch of packets; an observation batch holds twice as many. */
export const PACKET_BATCH_ROWS = 4096;
/** Rows of a batch of flows. */
export const FLOW_BATCH_ROWS = 8192;

/** Bits of `PacketBatch.flags`. */
export const PORTS_UNKNOWN = 1;
export const CUT_BEFORE_PORTS = 2;
export const ICMP_ERROR = 4;

/** Values of `PacketBatch.side`, as the link layer says. */
export const SIDE_UNKNOWN = 0;
export const SIDE_RECEIVED = 1;
export const SIDE_SENT = 2;

/** Values of `FlowBatch.status`. */
export const STATUS_OK = 0;
export const STATUS_NODATA = 1;
export const STATUS_SKIPDATA = 2;

/** `PacketBatch.icmp` of a packet that is no ICMP, or was cut before its type. */
export const NO_ICMP = 0xffff;

/** The headers quoted by ICMP errors, a row for each; `PacketBatch.quoted` points here. */
export type QuotedHeaders = {
  rows: number;
  readonly family: Uint8Array;
  readonly protocol: Uint8Array;
  /** Four words a row; IPv4 in the first. */
  readonly src: Uint32Array;
  readonly dst: Uint32Array;
  /** srcport << 16 | dstport; 0 where there are none or they were cut. */
  readonly ports: Uint32Array;
  /** 1: the ports (or ICMP type and id) were in the quotation. */
  readonly portsKnown: Uint8Array;
  readonly icmp: Uint16Array;
  readonly icmpId: Uint16Array;
};

export type PacketBatch = {
  rows: number;
  readonly capacity: number;
  readonly atMicros: Float64Array;
  /** Index into `SourceInfo.devices`; 0 too where the capture has none. */
  readonly device: Uint16Array;
  readonly side: Uint8Array;
  /** 4 or 6. */
  readonly family: Uint8Array;
  /** IANA number (rule P2). */
  readonly protocol: Uint8Array;
  /** Family 4; 0 in rows of family 6. */
  readonly src4: Uint32Array;
  readonly dst4: Uint32Array;
  /** Family 6, four words a row; not written in rows of family 4. */
  readonly src6: Uint32Array;
  readonly dst6: Uint32Array;
  /** srcport << 16 | dstport; fragments already resolved (rule P3). */
  readonly ports: Uint32Array;
  /** IP total length (rule P2). */
  readonly ipBytes: Uint32Array;
  /** The header's flag byte as it came; 0 where the packet is no TCP or was cut before it. */
  readonly tcpFlags: Uint8Array;
  /** type << 8 | code, 0xffff where none. */
  readonly icmp: Uint16Array;
  /** Identifier of an ICMP echo, timestamp or information message; 0 elsewhere. */
  readonly icmpId: Uint16Array;
  /** 802.1Q VLAN id of the outermost tag; 0 none. */
  readonly vlan: Uint16Array;
  /** Index into `SourceInfo.linkPairs`; 0 is the pair that is not known. */
  readonly link: Uint32Array;
  readonly flags: Uint8Array;
  /** Row in `quotes` of the header that an ICMP error quotes; -1 none. */
  readonly quoted: Int32Array;
  /** The kernel's mark: decision << 6 | flags; 0 where no kernel judged. */
  readonly mark: Uint32Array;
  readonly quotes: QuotedHeaders;
};

/** A device of a source: what a live capture or a pcapng interface block names. */
export type SourceDevice = {
  readonly name: string;
  /** The kernel's index; 0 where not known. */
  readonly ifindex: number;
  /** Lower-case, colons; null where not known. */
  readonly mac: string | null;
  readonly addresses: readonly string[];
  /** LINKTYPE_ number of its frames. */
  readonly linkType: number;
};

/** What a source is. `devices` and `linkPairs` grow while it is read; a position never changes its meaning. */
export type SourceInfo = {
  readonly name: string;
  readonly snapLength: number;
  readonly devices: readonly SourceDevice[];
  /** Pairs of link-layer addresses, lower-case with colons; position 0 is `{ src: '', dst: '' }`. */
  readonly linkPairs: readonly { readonly src: string; readonly dst: string }[];
};

/** What `network/verdict/` adds. One packet may be seen at two interfaces: up to two rows for each packet. */
export type ObservationBatch = {
  rows: number;
  /** Row of the packet in its batch. */
  readonly packet: Uint16Array;
  /** Decision number (see `DecisionTable`). */
  readonly decision: Uint32Array;
};

/** Flows of one closed window, all columns in one `ArrayBuffer` that is handed over. */
export type FlowBatch = {
  rows: number;
  readonly snapshotVersion: number;
  readonly windowStartSeconds: number;
  readonly intervalSeconds: number;
  /** A look at an open window: the same flows will come again. */
  readonly open: boolean;
  /** 0: of a whole window; else the number of the rest of one, gathered apart for flow logs that were made within it. */
  readonly partial: number;
  /** 0 OK, 1 NODATA, 2 SKIPDATA. */
  readonly status: Uint8Array;
  /**
   * 1: one record with the row before but for rule and stage (rule W6): same five-tuple, interface, direction, action
   * and reject-reason. Such rows stand together and a batch never ends between them.
   */
  readonly joins: Uint8Array;
  /** Names interface, direction, verdict, stage and rule at once. */
  readonly decision: Uint32Array;
  readonly family: Uint8Array;
  readonly protocol: Uint8Array;
  readonly ports: Uint32Array;
  /** As the packet had them, four words a row; IPv4 in the first. */
  readonly src: Uint32Array;
  readonly dst: Uint32Array;
  readonly packets: Float64Array;
  readonly bytes: Float64Array;
  /** SKIPDATA's count; 0 elsewhere. */
  readonly lost: Float64Array;
  /**
   * First and last packet, to whole seconds, as records have them (docs/adr/0052); NODATA and SKIPDATA: first and last second of
   * the window in which the source ran (rule W5).
   */
  readonly firstMicros: Float64Array;
  readonly lastMicros: Float64Array;
  /** AWS's OR: FIN 1, SYN 2, RST 4, 16 for a packet with SYN and ACK (rule W6). */
  readonly tcpFlags: Uint8Array;
  /** Everything above is a view of this; posted with a transfer list, and given back when printed. */
  readonly buffer: ArrayBuffer;
};

/** Flows as somebody else counted them, such as the kernel. Columns, valid up to `rows`; addresses are four words a row, IPv4 in the first. */
export type FlowRows = {
  rows: number;
  decision: Uint32Array;
  /** As records have them: FIN 1, SYN 2, RST 4, SYN with ACK 16. */
  tcpFlags: Uint8Array;
  family: Uint8Array;
  protocol: Uint8Array;
  /** srcport << 16 | dstport. */
  ports: Uint32Array;
  src: Uint32Array;
  dst: Uint32Array;
  packets: Float64Array;
  bytes: Float64Array;
  /** Microseconds since 1970 UTC. */
  firstMicros: Float64Array;
  lastMicros: Float64Array;
};

/** An empty batch for a decoder to fill. */
export function createPacketBatch(capacity: number = PACKET_BATCH_ROWS): PacketBatch {
  return {
    rows: 0,
    capacity,
    atMicros: new Float64Array(capacity),
    device: new Uint16Array(capacity),
    side: new Uint8Array(capacity),
    family: new Uint8Array(capacity),
    protocol: new Uint8Array(capacity),
    src4: new Uint32Array(capacity),
    dst4: new Uint32Array(capacity),
    src6: new Uint32Array(capacity * 4),
    dst6: new Uint32Array(capacity * 4),
    ports: new Uint32Array(capacity),
    ipBytes: new Uint32Array(capacity),
    tcpFlags: new Uint8Array(capacity),
    icmp: new Uint16Array(capacity),
    icmpId: new Uint16Array(capacity),
    vlan: new Uint16Array(capacity),
    link: new Uint32Array(capacity),
    flags: new Uint8Array(capacity),
    quoted: new Int32Array(capacity),
    mark: new Uint32Array(capacity),
    quotes: {
      rows: 0,
      family: new Uint8Array(capacity),
      protocol: new Uint8Array(capacity),
      src: new Uint32Array(capacity * 4),
      dst: new Uint32Array(capacity * 4),
      ports: new Uint32Array(capacity),
      portsKnown: new Uint8Array(capacity),
      icmp: new Uint16Array(capacity),
      icmpId: new Uint16Array(capacity),
    },
  };
}

/** An empty batch of observations for `capacity` packets: twice as many rows. */
export function createObservationBatch(capacity: number = PACKET_BATCH_ROWS): ObservationBatch {
  return { rows: 0, packet: new Uint16Array(capacity * 2), decision: new Uint32Array(capacity * 2) };
}

/** Bytes of one row of a flow batch: five f64, ten u32, five u8 and padding. */
const FLOW_ROW_BYTES = 5 * 8 + 10 * 4 + 5;

/** What names the window of a flow batch; the rest of it is columns. */
export type FlowBatchHead = Pick<FlowBatch, 'snapshotVersion' | 'windowStartSeconds' | 'intervalSeconds' | 'open'> &
  Partial<Pick<FlowBatch, 'partial'>>;

/** Bytes of the buffer of a flow batch of `capacity` rows (a multiple of eight). */
export function flowBatchBytes(capacity: number = FLOW_BATCH_ROWS): number {
  return Math.ceil((capacity * FLOW_ROW_BYTES) / 8) * 8;
}

/**
 * The columns of a flow batch over a buffer: a new one, one that came back from the printer, or one that was received.
 *
 * @param buffer    `flowBatchBytes(capacity)` bytes; what was in it is overwritten by the filler
 * @param rows      how many rows are valid
 * @param capacity  a multiple of eight
 */
export function flowBatchOver(
  buffer: ArrayBuffer,
  head: FlowBatchHead,
  rows: number = 0,
  capacity: number = FLOW_BATCH_ROWS,
): FlowBatch {
  const words = capacity * 40;
  const bytes = words + capacity * 40;
  return {
    rows,
    snapshotVersion: head.snapshotVersion,
    windowStartSeconds: head.windowStartSeconds,
    intervalSeconds: head.intervalSeconds,
    open: head.open,
    partial: head.partial ?? 0,
    packets: new Float64Array(buffer, 0, capacity),
    bytes: new Float64Array(buffer, capacity * 8, capacity),
    lost: new Float64Array(buffer, capacity * 16, capacity),
    firstMicros: new Float64Array(buffer, capacity * 24, capacity),
    lastMicros: new Float64Array(buffer, capacity * 32, capacity),
    src: new Uint32Array(buffer, words, capacity * 4),
    dst: new Uint32Array(buffer, words + capacity * 16, capacity * 4),
    decision: new Uint32Array(buffer, words + capacity * 32, capacity),
    ports: new Uint32Array(buffer, words + capacity * 36, capacity),
    status: new Uint8Array(buffer, bytes, capacity),
    joins: new Uint8Array(buffer, bytes + capacity, capacity),
    family: new Uint8Array(buffer, bytes + capacity * 2, capacity),
    protocol: new Uint8Array(buffer, bytes + capacity * 3, capacity),
    tcpFlags: new Uint8Array(buffer, bytes + capacity * 4, capacity),
    buffer,
  };
}
