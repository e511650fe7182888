/**
 * Why there is no record: the answer of `why-no-record`, as JSON.
 *
 * In:    nothing; `explain/no-record/` fills it. Out: plain data, the same for `--json` and for a console.
 * Holds: several reasons may hold: the surest comes first. What could not be asked is in `notKnown`: a reason that needs
 *        it is not excluded by its absence. Words for people are made by whoever shows it.
 */

/**
 * - `records-exist`: there are some. `in-future`: the time has not come.
 * - `no-such-interface`: it was not there at that time. `other-account`: it is somebody else's. `outside`: the address is
 *   beyond the network: its packets are in records of the interfaces it talks to.
 * - `not-covered`: no flow log watches it. `never-logged`: AWS writes no record of such traffic. `filtered`: the flow log's
 *   traffic type leaves it out.
 * - `window-open`: records come when the window closes. `in-spool`: they wait on the host. `not-delivered-yet`: AWS's
 *   delivery takes so long.
 * - `not-running`: nothing captured then. `skip-data`: records were lost. `no-data`: no packet at all. `no-packets`: packets
 *   were counted, all of them are accounted for, none is of this kind.
 * - `older-than-kept`: everything that is left is newer. `unexplained`: nothing of this says why.
 */
export type NoRecordReasonName =
  | 'records-exist'
  | 'in-future'
  | 'no-such-interface'
  | 'other-account'
  | 'outside'
  | 'not-covered'
  | 'never-logged'
  | 'filtered'
  | 'window-open'
  | 'in-spool'
  | 'not-running'
  | 'skip-data'
  | 'no-data'
  | 'no-packets'
  | 'not-delivered-yet'
  | 'older-than-kept'
  | 'unexplained';

export type NoRecordReason = {
  readonly reason: NoRecordReasonName;
  /** `certain`: the source says so. `likely`: it follows, if nothing unusual happened. `possible`: nothing excludes it. */
  readonly certainty: 'certain' | 'likely' | 'possible';
  /** What says so: the network as it was described, the host's ledger or spool, records, names of objects, the clock, AWS's documents. */
  readonly source: 'facts' | 'ledger' | 'spool' | 'records' | 'objects' | 'clock' | 'aws';
  readonly interfaceId: string | null;
  readonly flowLogIds: readonly string[];
  /** Records or packets that it is about; null where they are not counted. */
  readonly records: number | null;
  readonly packets: number | null;
  /** The span that it is about. Of `no-such-interface` when it was there, of `older-than-kept` since when there are objects. */
  readonly startSeconds: number | null;
  readonly endSeconds: number | null;
  /** When that was learned, where it was later. */
  readonly learnedSeconds: number | null;
  /** How long records have waited. */
  readonly ageSeconds: number | null;
  /** Failures of the destination in a row. */
  readonly failures: number | null;
  /** A word more: the traffic type, the kind that is never logged, what lost it, an account, the destination's error. */
  readonly about: string | null;
};

export type NoRecord = {
  readonly question: {
    readonly of: string;
    /** `[startSeconds, endSeconds)` */
    readonly startSeconds: number;
    readonly endSeconds: number;
    readonly peer: string | null;
    /** IANA number. */
    readonly protocol: number | null;
    readonly port: number | null;
  };
  /** Who that was at the time, as far as it is known. */
  readonly interfaceIds: readonly string[];
  /** `records`: no network is known, and flow logs around show the address as this interface's. */
  readonly interfacesFrom: 'network' | 'records';
  readonly reasons: readonly NoRecordReason[];
  /** Finds the records, where there are some; null where no flow logs were asked. */
  readonly sql: string | null;
  /** `network`: nothing was imported and no model given. `ledger`: the place has none, as AWS's own. `spool`: no host's directory. */
  readonly notKnown: readonly ('network' | 'ledger' | 'spool' | 'objects')[];
  /** What of the network is not understood or not known of that time. */
  readonly notUnderstood: readonly string[];
};
