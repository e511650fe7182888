/**
 * Flow logs as the console shows them: `/api/flow-logs`, `/api/coverage`, `/api/replace-flow-log/:id`, `/api/flow-log-tags/:id`.
 *
 * In:    nothing. Out: the types of their JSON.
 * Holds: times are seconds since 1970 UTC, null where nothing was met. What is created is created as EC2's CreateFlowLogs does,
 *        in its words; ids and texts are whatever somebody wrote.
 */
import type { FormatPreview } from './formats.ts';

export type FlowLogDestination = {
  readonly type: 's3' | 'cloud-watch-logs' | 'kinesis-data-firehose';
  /** ARN, or the name of a log group. */
  readonly place: string;
  /** Its objects lie on this machine. */
  readonly isLocal: boolean;
  /** Of a bucket; null elsewhere. */
  readonly fileFormat: 'plain-text' | 'parquet' | null;
  readonly hive: boolean;
  readonly hourly: boolean;
  readonly role: string | null;
};

/** How the records of a flow log get to where they go, as this machine knows it now. */
export type FlowLogDelivery = {
  /**
   * `goes`: the last delivery went; `fails`: it is tried again; `none-yet`: nothing was delivered by the process that runs;
   * `not-here`: imported, this machine delivers nothing of it.
   */
  readonly state: 'goes' | 'fails' | 'none-yet' | 'not-here';
  /** As DescribeFlowLogs words it. */
  readonly error: string | null;
  /** The last error, whatever came after it. */
  readonly lastError: { readonly code: string; readonly message: string; readonly atSeconds: number } | null;
  /** In a row. */
  readonly failures: number;
  readonly nextAttemptSeconds: number | null;
  readonly lastDeliveredSeconds: number | null;
  /** Segments of this flow log in the spool, those being written among them. */
  readonly waitingSegments: number;
  readonly waitingBytes: number;
  /** Start of the oldest slot that waits. */
  readonly oldestWaitingSeconds: number | null;
};

export type FlowLogRow = {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** Tag `Name`. */
  readonly name: string | null;
  readonly resourceId: string;
  readonly resourceType: 'VPC' | 'Subnet' | 'NetworkInterface' | 'other';
  readonly resourceName: string | null;
  /** Whether this session may change it. */
  readonly mayChange: boolean;
  readonly traffic: 'ALL' | 'ACCEPT' | 'REJECT' | null;
  readonly intervalSeconds: number;
  readonly format: string;
  /** The highest version among its fields. */
  readonly version: number;
  readonly fields: number;
  readonly destination: FlowLogDestination;
  readonly delivery: FlowLogDelivery;
  /** End of the newest window that is accounted for at its destination, as the ledger there has it. */
  readonly newestSeconds: number | null;
  /** Interfaces that it covers now. */
  readonly interfaces: number;
  /** A time to come: it takes over from another one then. */
  readonly createdSeconds: number | null;
  /** A time to come: another one takes over then. */
  readonly endsSeconds: number | null;
  readonly tags: Readonly<Record<string, string>>;
};

export type FlowLogsAnswer = {
  readonly nowSeconds: number;
  /** Where this session creates. */
  readonly account: string;
  readonly region: string;
  /** Whether this session may create flow logs. */
  readonly mayCreate: boolean;
  readonly flowLogs: readonly FlowLogRow[];
  /** Regions of the session's account that have resources. */
  readonly regions: readonly string[];
};

/** Objects that the details of a flow log name. */
export const LEDGER_OBJECTS = 20;

/** What the ledger of a destination says of a flow log in a span. */
export type FlowLogLedger = {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly objects: number;
  readonly objectBytes: number;
  readonly records: number;
  /** Interfaces and windows. */
  readonly windows: number;
  /** Packets: counted by the source = in records + filtered + lost. */
  readonly counted: number;
  readonly inRecords: number;
  readonly filtered: number;
  readonly lost: Readonly<Record<string, number>>;
  /** Records that the destination never took, by cause. */
  readonly refused: Readonly<Record<string, number>>;
  readonly noData: number;
  readonly skipData: number;
  /** Windows whose process was killed: nobody has a count of them. */
  readonly cut: number;
  /** The newest objects first, at most as many as `LEDGER_OBJECTS`. */
  readonly newest: readonly {
    readonly key: string;
    readonly slotSeconds: number;
    readonly sizeBytes: number;
    readonly records: number;
  }[];
};

export type FlowLogDetails = {
  readonly flowLog: FlowLogRow;
  /** Null where it cannot be read; `ledgerProblem` says why. */
  readonly ledger: FlowLogLedger | null;
  readonly ledgerProblem: { readonly code: string; readonly message: string } | null;
  /** What its records can and cannot answer. */
  readonly preview: FormatPreview | null;
};

/** Body of `POST /api/flow-logs`: members of CreateFlowLogs. */
export type CreateFlowLogsBody = {
  readonly region: string;
  /** True: only said what would be. */
  readonly check: boolean;
  readonly resourceType: 'VPC' | 'Subnet' | 'NetworkInterface';
  readonly resourceIds: readonly string[];
  readonly traffic: 'ALL' | 'ACCEPT' | 'REJECT';
  readonly intervalSeconds: number;
  readonly format: string;
  readonly destination: NewDestination;
  readonly tags: Readonly<Record<string, string>>;
  /** The same call sent again makes nothing again. */
  readonly clientToken: string;
};

export type NewDestination = {
  readonly type: FlowLogDestination['type'];
  /** ARN, or the name of a log group. */
  readonly place: string;
  readonly role: string;
  readonly fileFormat: 'plain-text' | 'parquet';
  readonly hive: boolean;
  readonly hourly: boolean;
};

export type CreateFlowLogsAnswer = {
  readonly flowLogIds: readonly string[];
  readonly unsuccessful: readonly { readonly resourceId: string; readonly code: string; readonly message: string }[];
};

/** Body of `POST /api/replace-flow-log/:id`; what is not given stays. */
export type ReplaceFlowLogBody = {
  readonly format?: string;
  readonly intervalSeconds?: number;
  readonly traffic?: 'ALL' | 'ACCEPT' | 'REJECT';
  /** ARN. */
  readonly destination?: string;
  readonly fileFormat?: 'plain-text' | 'parquet';
  readonly role?: string;
};

export type ReplaceFlowLogAnswer = {
  readonly replaced: string;
  readonly successor: string;
  /** The first ends and the second begins. */
  readonly atSeconds: number;
};

/** Body of `PUT /api/flow-log-tags/:id`: all tags that it shall have. */
export type FlowLogTagsBody = { readonly tags: Readonly<Record<string, string>> };

/** Which records there are of an interface. */
export type Covered = 'all' | 'accepted' | 'rejected' | 'none';

export type CoveredInterface = {
  readonly id: string;
  readonly name: string | null;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly azId: string | null;
  readonly address: string | null;
  readonly instanceId: string | null;
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  readonly covered: Covered;
  readonly flowLogIds: readonly string[];
  /** The device whose packets are its traffic, with its host; null: nothing captures it, so it has no records of ours. */
  readonly device: string | null;
};

/** A VPC or subnet that a flow log can be of. */
export type CoveredPlace = {
  readonly id: string;
  readonly kind: 'VPC' | 'Subnet';
  readonly name: string | null;
  readonly vpcId: string;
  readonly cidrs: readonly string[];
  readonly azId: string | null;
  readonly account: string;
  readonly region: string;
  readonly interfaces: number;
  readonly uncovered: number;
  readonly partly: number;
};

export type CoverageAnswer = {
  readonly places: readonly CoveredPlace[];
  /** Those without all records first. */
  readonly interfaces: readonly CoveredInterface[];
  /** What of the network was not understood, so that this may be wrong about it. */
  readonly notUnderstood: readonly string[];
};
