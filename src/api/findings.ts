/**
 * What detections found: the answer of `detect`, as JSON.
 *
 * In:    nothing; `watch/` fills it. Out: plain data, the same for `--json`, for the state file and for a console.
 * Holds: a finding is one thing that one detection tells of one subject in one UTC day; its id is made of the three, so whoever
 *        looks again finds the same one. Times are seconds since 1970 UTC.
 */

export type Severity = 'info' | 'low' | 'medium' | 'high';

/** Value of an answer's row; whole numbers are exact to 2^53. */
export type FindingCell = string | number | boolean | null;

/** What a finding is about; null where the detection says nothing of it. */
export type FindingSubject = {
  readonly interfaceId: string | null;
  /** Who opened, and who was asked. */
  readonly client: string | null;
  readonly server: string | null;
  readonly port: number | null;
  readonly protocol: number | null;
  /** `sgr-…`, `acl-…/in/100`. */
  readonly ruleId: string | null;
};

export type FindingEvidence = {
  /** Gives the records, with `flowgauge query --from SRC`. */
  readonly sql: string;
  /** The first of them; null where they were not asked for. */
  readonly records: readonly Readonly<Record<string, FindingCell>>[] | null;
};

export type Finding = {
  /** `fnd-` and sixteen hex digits. */
  readonly id: string;
  /** `ser-` and sixteen hex digits: the same for the same subject on other days. */
  readonly series: string;
  readonly detection: string;
  readonly severity: Severity;
  readonly meaning: string;
  /** Of MITRE ATT&CK, `T1046`; null where it is no attack. */
  readonly technique: string | null;
  readonly subject: FindingSubject;
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  /** Rows of the detection's answer that it was made of. */
  readonly rows: number;
  /** What the row that tells most says: numbers that met the threshold, and what was usual before. */
  readonly facts: Readonly<Record<string, FindingCell>>;
  readonly evidence: FindingEvidence;
  /** Null where it is not suppressed. */
  readonly suppressedUntilSeconds: number | null;
};

/** What nobody wants to be told until a time: findings of one series, or of a detection, those about one address or interface or all. */
export type Suppression = {
  readonly id: number;
  readonly series: string | null;
  readonly detection: string | null;
  readonly subject: string | null;
  readonly reason: string | null;
  readonly createdSeconds: number;
  readonly expiresSeconds: number;
};

/** A finding as the state file keeps it. */
export type KeptFinding = Finding & {
  readonly foundSeconds: number;
  readonly seenSeconds: number;
  readonly source: string;
};

/** Why a detection was not asked. */
export type NotAsked = {
  readonly detection: string;
  /** `fields`: no file has these; `model`: no network is known; `facts`: the network says nothing of it. */
  readonly why: 'fields' | 'model' | 'facts';
  readonly fields: readonly string[];
};

export type DetectReport = {
  /** The graver first, then the newer. */
  readonly findings: readonly Finding[];
  /** Detections that were asked. */
  readonly asked: number;
  readonly notAsked: readonly NotAsked[];
  /** Detections that compare with the past say nothing of whom they know for less. */
  readonly baseline: {
    /** Null where nothing is known yet. */
    readonly sinceSeconds: number | null;
    readonly learnSeconds: number;
    /** Whether it goes on in a data directory. */
    readonly kept: boolean;
  };
};

/**
 * `waiting` to be sent, perhaps again; `unsure`: it may have been received, and is not sent again; `given-up`: the receiver does not take it;
 * `dropped`: its finding was suppressed before it was sent.
 */
export type AlertState = 'waiting' | 'sending' | 'sent' | 'unsure' | 'given-up' | 'dropped';

/** An alert as the state file keeps it. */
export type KeptAlert = {
  /** Its name in the settings. */
  readonly receiver: string;
  readonly state: AlertState;
  /** When the finding was told; a finding that goes on after a suppression is told again. */
  readonly toldSeconds: number;
  readonly changedSeconds: number;
  /** While it waits: not before. */
  readonly dueSeconds: number;
  readonly attempts: number;
  /** Why it was not sent, of the last attempt; null where there is nothing to say. */
  readonly why: string | null;
};
