/**
 * Traffic of a network as columns.
 *
 * In:    nothing. Out: the type in which sums travel from the records to the picture.
 * Holds: a row is one direction at one interface between two ends in a window of time. There may be a million of them: no object
 *        or text is made for one.
 */

/** An end that is no address: it stands for many. A service of AWS has its name behind it. */
export const INTERNET = '@internet';
export const MULTICAST = '@multicast';
export const SERVICE = '@service ';

/** Of `Traffic.direction`. */
export const INGRESS = 1;
export const EGRESS = 2;

/** How many sums a row has: those of `TOPOLOGY_MEASURES`, in their order. */
export const MEASURES = 4;

/** What records tell of the interface that recorded them. */
export type RecordingInterface = {
  /** Null: of records that name none. */
  readonly id: string | null;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly azId: string | null;
  /** Position in `Traffic.ends` of the address that most of its records have on its side; null where it was not looked for. */
  readonly address: number | null;
};

export type Traffic = {
  readonly interfaces: readonly RecordingInterface[];
  /** Addresses, or one of the words above. */
  readonly ends: readonly string[];
  readonly rows: number;
  /** Position in `interfaces`. */
  readonly at: Uint32Array;
  /** `INGRESS`, `EGRESS`; 0 where records do not tell. */
  readonly direction: Uint8Array;
  /** Positions in `ends`. */
  readonly src: Uint32Array;
  readonly dst: Uint32Array;
  readonly window: Uint16Array;
  /** `MEASURES` numbers a row. */
  readonly sums: Float64Array;
};

/** Columns for so many rows. */
export function emptyTraffic(rows: number, interfaces: Traffic['interfaces'], ends: Traffic['ends']): Traffic {
  return {
    interfaces,
    ends,
    rows,
    at: new Uint32Array(rows),
    direction: new Uint8Array(rows),
    src: new Uint32Array(rows),
    dst: new Uint32Array(rows),
    window: new Uint16Array(rows),
    sums: new Float64Array(rows * MEASURES),
  };
}
