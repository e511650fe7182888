/**
 * How far reading is, for whoever shows it.
 *
 * In:    nothing. Out: the type.
 * Holds: stages come in their order; a source that lies on this machine has no fetching.
 */

/** Bytes are those of the objects found, those that came, or, when reading, as unpacked. */
export type Progress = {
  /** Default: reading. */
  readonly stage?: 'listing' | 'fetching' | 'reading';
  readonly files: number;
  /** 0 where it is not known yet. */
  readonly of: number;
  readonly bytes: number;
};
