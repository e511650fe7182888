/**
 * Conversations as columns.
 *
 * In:    nothing. Out: the batch in which conversations travel.
 * Holds: a conversation is one five-tuple in both directions at one interface, over the whole time that was asked for. No object,
 *        string or BigInt is made for one. Seconds are those of records, which are spans that hold the packets and not
 *        times of packets (rule W4); 0 where there are none.
 */

/** Which end sent the first packet: not known, the remote one, the interface's own. */
export const OPENER_UNKNOWN = 0;
export const OPENER_REMOTE = 1;
export const OPENER_LOCAL = 2;

/** What the opener was told by, the surer first; `BY_NOTHING` where it is not known. */
export const BY_NOTHING = 0;
/** A SYN without ACK, or a SYN-ACK the other way. */
export const BY_FLAGS = 1;
/** A port for services at one end and one of those that systems choose for clients at the other. */
export const BY_PORTS = 2;
/** All records of one direction ended before those of the other began. */
export const BY_TIME = 3;
/** Only one direction was recorded. */
export const BY_ONE_WAY = 4;
/** The lower of two ports that are alike: little more than a guess. */
export const BY_LOWER_PORT = 5;

/** How the interface's own end was told: not at all, by flow-direction, by the addresses that the model gives the interface. */
export const PLACED_NOT = 0;
export const PLACED_BY_DIRECTION = 1;
export const PLACED_BY_ADDRESS = 2;

/** Bits of `Side.flags`, of all its records together. */
export const FLAGS_KNOWN = 1;
export const HAS_SYN = 2;
export const HAS_SYN_ACK = 4;
export const HAS_RST = 8;
export const HAS_FIN = 16;

/** One direction of conversations, as the interface sees it. */
export type Side = {
  readonly records: Uint32Array;
  readonly acceptedPackets: Float64Array;
  readonly acceptedBytes: Float64Array;
  readonly rejectedPackets: Float64Array;
  readonly rejectedBytes: Float64Array;
  /** TCP flags; 0 where no record has them. */
  readonly flags: Uint8Array;
  /** First `start` and last `end` of its records. */
  readonly firstSeconds: Uint32Array;
  readonly lastSeconds: Uint32Array;
};

export type ConversationBatch = {
  readonly rows: number;
  /** Conversations that were left out, because what they name for an address is none. */
  readonly unreadable: number;
  /** Position in `Conversations.interfaces`. */
  readonly at: Uint32Array;
  /** 4 or 6. */
  readonly family: Uint8Array;
  readonly protocol: Uint8Array;
  /** The interface's own end and the other one, four words a row, IPv4 in the first. Of `PLACED_NOT` in any order. */
  readonly local: Uint32Array;
  readonly remote: Uint32Array;
  readonly localPort: Uint16Array;
  readonly remotePort: Uint16Array;
  readonly placed: Uint8Array;
  readonly opener: Uint8Array;
  readonly openerBy: Uint8Array;
  /** 1: the addresses are those of the packets, and the interface showed others: NAT, or a secondary address. */
  readonly translated: Uint8Array;
  readonly ingress: Side;
  readonly egress: Side;
  readonly firstAcceptedSeconds: Uint32Array;
  readonly lastAcceptedSeconds: Uint32Array;
  readonly firstRejectedSeconds: Uint32Array;
  readonly lastRejectedSeconds: Uint32Array;
};

function createSide(rows: number): Side {
  return {
    records: new Uint32Array(rows),
    acceptedPackets: new Float64Array(rows),
    acceptedBytes: new Float64Array(rows),
    rejectedPackets: new Float64Array(rows),
    rejectedBytes: new Float64Array(rows),
    flags: new Uint8Array(rows),
    firstSeconds: new Uint32Array(rows),
    lastSeconds: new Uint32Array(rows),
  };
}

/** A batch to be filled. */
export function createConversationBatch(rows: number): ConversationBatch {
  return {
    rows,
    unreadable: 0,
    at: new Uint32Array(rows),
    family: new Uint8Array(rows),
    protocol: new Uint8Array(rows),
    local: new Uint32Array(rows * 4),
    remote: new Uint32Array(rows * 4),
    localPort: new Uint16Array(rows),
    remotePort: new Uint16Array(rows),
    placed: new Uint8Array(rows),
    opener: new Uint8Array(rows),
    openerBy: new Uint8Array(rows),
    translated: new Uint8Array(rows),
    ingress: createSide(rows),
    egress: createSide(rows),
    firstAcceptedSeconds: new Uint32Array(rows),
    lastAcceptedSeconds: new Uint32Array(rows),
    firstRejectedSeconds: new Uint32Array(rows),
    lastRejectedSeconds: new Uint32Array(rows),
  };
}
