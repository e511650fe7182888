/**
 * What lies at the place of `up`, and what is done for it: the answers of `GET /api/storage` and `GET /api/storage/keeping`.
 *
 * In:    nothing. Out: the types of their JSON.
 * Holds: sizes are in bytes, times in seconds since 1970 UTC, days in UTC, `2026-11-23`.
 */

/** What is done again and again, as the settings say it. */
export type KeepingPlan = {
  /** Where the lake is; null: beside the objects. */
  readonly dest: string | null;
  readonly by: 'hour' | 'day' | 'size';
  readonly settleSeconds: number;
  readonly rollups: boolean;
  /** From the end of a run to the begin of the next one. */
  readonly everySeconds: number;
  /** Objects go when they have been in the lake for so long; null: not before retention says so. */
  readonly expireSeconds: number | null;
  /** Null: nothing goes for its age. */
  readonly retention: { readonly recordsSeconds: number; readonly rollupsSeconds: number | null } | null;
};

/** What a run did. */
export type KeepingRun = {
  readonly atSeconds: number;
  readonly tookSeconds: number;
  /** Objects that became files, and what became of them. */
  readonly objects: number;
  readonly objectBytes: number;
  readonly records: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly rollupBytes: number;
  /** Objects of periods that have not ended. */
  readonly waiting: number;
  readonly unreadable: number;
  /** Objects that were removed once they had been compared. */
  readonly expired: number;
  readonly expiredBytes: number;
  /** Objects, and records of files, that stay though they are old enough, for they could not be compared. */
  readonly keptObjects: number;
  readonly keptRecords: number;
  /** Files whose records went for their age, and how many records. */
  readonly retiredFiles: number;
  readonly retiredRecords: number;
};

export type KeepingProgress = {
  readonly step: 'compact' | 'expire';
  readonly stage: 'listing' | 'fetching' | 'reading';
  readonly files: number;
  /** 0 where it is not known yet. */
  readonly of: number;
  readonly bytes: number;
};

/** `off`: by the settings, or in the demonstration. */
export type KeepingState = 'off' | 'waiting' | 'working' | 'worked' | 'failing';

export type KeepingTold = {
  readonly is: KeepingState;
  readonly plan: KeepingPlan | null;
  readonly progress: KeepingProgress | null;
  /** Of the last run, where it failed. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** The last run that went well. */
  readonly last: KeepingRun | null;
  readonly nextSeconds: number | null;
};

/** Objects of one flow log in one format. */
export type StoredFlowLog = {
  readonly flowLogId: string;
  readonly format: 'plain-text' | 'parquet';
  readonly objects: number;
  readonly bytes: number;
  /** Of these, those whose records the lake has too. */
  readonly compacted: number;
  /** Objects that were removed once the lake had their records. */
  readonly removed: number;
  /** Stamps of the oldest and the newest one, of those that were removed too. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
};

export type StoredDay = {
  readonly day: string;
  /** Objects that lie there. */
  readonly objects: number;
  readonly bytes: number;
  /** Of these, those whose records the lake has too, and those that are to be compacted. */
  readonly compacted: number;
  readonly due: number;
  readonly removed: number;
  /** Of the lake. */
  readonly files: number;
  readonly fileBytes: number;
  readonly rollupBytes: number;
  readonly records: number;
  /** Records of the day that went for their age. */
  readonly retired: number;
};

export type StorageAnswer = {
  readonly nowSeconds: number;
  readonly place: string;
  readonly objects: number;
  readonly bytes: number;
  /** Objects of periods that have ended, that no file has: the next run takes them. */
  readonly due: { readonly objects: number; readonly bytes: number };
  /** Objects of periods that still get some. */
  readonly waiting: { readonly objects: number; readonly bytes: number };
  readonly lake: {
    readonly files: number;
    readonly fileBytes: number;
    readonly rollupBytes: number;
    readonly records: number;
    /** Objects that it has the records of, and their bytes when they were compacted. */
    readonly objects: number;
    readonly objectBytes: number;
    readonly retired: number;
  };
  readonly flowLogs: readonly StoredFlowLog[];
  /** The newest first. */
  readonly days: readonly StoredDay[];
  /** By names alone; `flowgauge ledger verify` reads what they name. */
  readonly ledger: {
    readonly entries: number;
    readonly there: number;
    /** Objects that were removed, whose records the lake has. */
    readonly inLake: number;
    /** Objects whose records went for their age. */
    readonly retired: number;
    readonly missing: number;
    readonly example: string | null;
    /** Objects without an entry. */
    readonly unlisted: number;
  };
};
