/**
 * What a field is.
 *
 * In:    an entry of `v2.ts` … `v11.ts`, `transit-gateway.ts` or `extension.ts`. Out: the field that text lines, Parquet
 *        schemas, table definitions, `docs/fields.md` and `flowgauge fields` are made from.
 * Holds: a field is printed in one of three ways, by how often its text must be found: once for each stamp, once for
 *        each small number, or anew for each record. No way makes a string for a record.
 */
import type { Decision, FlowLog, Interface, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { FlowBatch } from '../../model/batch.ts';
import type { Views } from '../../model/linear-memory.ts';
import * as loops from '../print-loops.ts';
import { GROUP_LINES } from '../print-loops.ts';
import type { PrintLoops } from '../print-loops.ts';
import type { AwsRanges } from '../service-names.ts';

/** What records of one flow log are printed from, as long as the snapshot holds. */
export type World = {
  readonly snapshot: VpcSnapshot;
  readonly flowLog: FlowLog;
  readonly ranges: AwsRanges;
  /** The format's version. */
  readonly version: number;
};

/** Whom a fixed text is about. */
export type Subject = World & {
  readonly interface: Interface;
  readonly decision: Decision;
  readonly status: 'OK' | 'NODATA' | 'SKIPDATA';
};

/** Values of `FlowsInPrint.direction`. */
export const INGRESS = 1;
export const EGRESS = 2;

/** A group of records being printed, in columns; filled again for each group. */
export class FlowsInPrint {
  readonly #words: Int32Array;
  /** What the record has in common with others: a number of `Pieces`. */
  readonly stamp: Int32Array;
  readonly family: Int32Array;
  readonly protocol: Int32Array;
  readonly srcport: Int32Array;
  readonly dstport: Int32Array;
  readonly tcpFlags: Int32Array;
  readonly packets: Float64Array;
  /** -1 where AWS gives none. */
  readonly bytes: Float64Array;
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  /** The batch's addresses as the packet had them, four words a row. */
  readonly src: Uint32Array;
  readonly dst: Uint32Array;
  /** The record's row in the batch. */
  readonly row: Int32Array;
  /** 0 not known. */
  readonly direction: Int32Array;
  /** Position in the snapshot. */
  readonly interface: Int32Array;
  // The rest is there where the format has fields from `peer`.
  /** Code 1 to 8 of the way to the other end, whichever the direction is; 0 none. */
  readonly trafficPath: Int32Array;
  /** Interface at the other end, position in the snapshot; 0 none known. */
  readonly nextHop: Int32Array;
  /** Where the text of a record is that was looked up. */
  readonly textFrom: Int32Array;
  readonly textLength: Int32Array;

  /** @param group  memory of the group, as `print-loops.ts` has it */
  constructor({ i32, f64 }: Views, { src, dst }: Pick<FlowBatch, 'src' | 'dst'>) {
    const words = (at: number): Int32Array => i32.subarray(at, at + GROUP_LINES);
    const doubles = (at: number): Float64Array => f64.subarray(at, at + GROUP_LINES);
    this.#words = i32;
    this.src = src;
    this.dst = dst;
    this.row = words(loops.ROW);
    this.stamp = words(loops.STAMP);
    this.family = words(loops.FAMILY);
    this.protocol = words(loops.PROTOCOL);
    this.srcport = words(loops.SRCPORT);
    this.dstport = words(loops.DSTPORT);
    this.tcpFlags = words(loops.TCP_FLAGS);
    this.direction = words(loops.DIRECTION);
    this.interface = words(loops.INTERFACE);
    this.trafficPath = words(loops.TRAFFIC_PATH);
    this.nextHop = words(loops.NEXT_HOP);
    this.textFrom = words(loops.TEXT_FROM);
    this.textLength = words(loops.TEXT_LENGTH);
    this.packets = doubles(loops.PACKETS);
    this.bytes = doubles(loops.BYTES);
    this.startSeconds = doubles(loops.START);
    this.endSeconds = doubles(loops.END);
  }

  get count(): number {
    return this.#words[loops.COUNT]!;
  }
}

/** How a field gets its text; a text of null or '' is printed `-`. */
export type Print =
  /**
   * The same for all records of an interface, direction, action and reject reason, and for fields of ours of one rule and
   * stage; with `stays`, also in NODATA and SKIPDATA lines.
   */
  | { readonly kind: 'fixed'; readonly text: (subject: Subject) => string | null }
  /** One of few texts, found by a number below `count`; each is made once. */
  | {
      readonly kind: 'numbered';
      readonly count: (world: World) => number;
      /** Finds the number of each record. A loop for each field: one for all would call through a pointer. */
      readonly find: (flows: FlowsInPrint, found: Int32Array, world: World) => void;
      readonly text: (number: number, world: World) => string | null;
    }
  /** Text of at most `width` bytes and a space, written into each line. */
  | {
      readonly kind: 'written';
      readonly width: number;
      readonly write: (loops: PrintLoops) => void;
    }
  /** We have no source for it: always `-`. */
  | { readonly kind: 'none' };

/** A column of a record. */
export type Field = {
  /** As in formats and text headers: hyphens. */
  readonly name: string;
  /** 2 to 11; 0 for extension fields, which do not raise a format's version, and for fields that only a header named. */
  readonly version: number;
  /** Year in which AWS began to offer it; '' where that says nothing. */
  readonly since: string;
  /** Parquet: VARCHAR is STRING, INTEGER is INT_32, BIGINT is INT_64. */
  readonly column: 'VARCHAR' | 'INTEGER' | 'BIGINT';
  /** Type in AWS's own Athena tables. */
  readonly ddl: 'string' | 'int' | 'bigint';
  readonly meaning: string;
  /** When it is `-`. */
  readonly absent: string;
  /** How often it must be looked up. */
  readonly from: 'flow' | 'decision' | 'interface' | 'peer' | 'constant';
  /** Keeps its text in NODATA and SKIPDATA lines; all others are `-` there. */
  readonly stays: boolean;
  /** False: only a header named it; read under its own name, never printed. */
  readonly known: boolean;
  readonly print: Print;
};

/** AWS's announcements; the year only. */
const SINCE: Readonly<Record<number, string>> = {
  0: '',
  2: '2015',
  3: '2019',
  4: '2020',
  5: '2021',
  6: '2022',
  7: '2024',
  8: '2024',
  9: '2025',
  10: '2025',
  11: '2026',
};

const DDL = { VARCHAR: 'string', INTEGER: 'int', BIGINT: 'bigint' } as const;

/** What an entry of the table says; the rest follows from it. */
export type FieldEntry = Pick<Field, 'name' | 'version' | 'column' | 'from' | 'meaning' | 'absent' | 'print'> &
  Partial<Pick<Field, 'ddl' | 'stays'>>;

/** Makes a field of its entry. */
export function field(entry: FieldEntry): Field {
  return {
    since: SINCE[entry.version] ?? '',
    ddl: DDL[entry.column],
    stays: entry.from === 'constant' || entry.from === 'interface',
    known: true,
    ...entry,
  };
}

/** A text of the recording interface: most fields of versions 3 to 11. */
export function ofInterface(
  name: string,
  version: number,
  meaning: string,
  absent: string,
  text: (recording: Interface, subject: Subject) => string | null,
): Field {
  const print: Print = { kind: 'fixed', text: (subject) => text(subject.interface, subject) };
  return field({ name, version, column: 'VARCHAR', from: 'interface', meaning, absent, print });
}
