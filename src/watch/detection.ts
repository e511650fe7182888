/**
 * What a detection is.
 *
 * In:    nothing. Out: the types, and how a question about shared relations becomes one about records.
 * Holds: each row of a detection's answer may name `interface_id`, `client`, `server`, `port`, `protocol`, `first_seconds` and
 *        `last_seconds`; its other columns are facts. Rows of one subject and UTC day are one finding.
 *        A question reads relations of `relations.ts` by name. Asked together they are made once; asked alone, as
 *        `query.sql` gives it, they stand before it and it runs wherever `flow_logs` is.
 * Fails: never.
 */
import type { Severity } from '../api/findings.ts';
import type { Dialect } from '../query/dialect.ts';
import type { HeldFields } from '../query/held-fields.ts';
import type { Parameter } from '../query/parameter.ts';
import type { SavedQuery } from '../query/saved-query.ts';
import { withRelations } from './relations.ts';

/** Columns that say what a row is about. */
export type SubjectColumn = 'interface_id' | 'client' | 'server' | 'port' | 'protocol' | 'rule_id';

/** A record of a detection's tests, by column; what is not given is that of an unremarkable record. */
export type TestRecord = Readonly<Record<string, string | number>>;

/** What holds of every detection. */
type About = {
  readonly name: string;
  readonly severity: Severity;
  /** One or two sentences: what a finding says. */
  readonly meaning: string;
  readonly falsePositives: string;
  /** Of MITRE ATT&CK; null where it is no attack. */
  readonly technique: string | null;
  /** What tells one finding of a day from another. */
  readonly subject: readonly SubjectColumn[];
  /** Records of which it must tell, and records of which it must not. */
  readonly fires: readonly TestRecord[];
  readonly stays: readonly TestRecord[];
};

/** A detection whose rows SQL gives. */
export type QueryDetection = About & { readonly query: WatchQuery };

/** A detection that needs the rules: `rule-questions.ts` answers it. */
export type RuleDetection = About & {
  readonly asks: RuleQuestion;
  readonly parameters: Parameters;
  /** Of its tests: describe answers by the second from which they hold, counted as those of the records. */
  readonly network: readonly (readonly [fromSeconds: number, model: object])[];
};

export type RuleQuestion =
  | 'new-rule-admits'
  | 'rule-first-use'
  | 'rejects-by-change'
  | 'permitted-unanswered'
  | 'return-path-blocked'
  | 'interface-not-covered';

export type Detection = QueryDetection | RuleDetection;

export type Parameters = Readonly<Record<string, Parameter>>;

/** A saved query, and the part of it that reads relations by name. */
export type WatchQuery = SavedQuery & {
  readonly body: (d: Dialect) => string;
  /** Each of its rows is of one hour of records: asked of that hour alone it has the same row. */
  readonly hourly: boolean;
};

/** Fields that every relation over conversations needs. */
const NEEDS = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action'];

const INSTEAD: Readonly<Record<string, string>> = {
  'tcp-flags': 'the side with the higher port is taken for the one that opened',
  'flow-direction':
    'private and public addresses tell the way, of IPv6 the address that an interface has most records of',
  'interface-id': 'findings name no interface',
};

/** A detection's question about relations. */
export function watchQuery(about: {
  readonly name: string;
  readonly meaning: string;
  readonly parameters: Parameters;
  /** Given where it reads `flow_logs` alone. */
  readonly needsFields?: readonly string[];
  readonly hourly?: boolean;
  readonly body: (d: Dialect) => string;
}): WatchQuery {
  const { name, meaning, parameters, body, needsFields, hourly = false } = about;
  return {
    name,
    meaning,
    parameters,
    needsFields: needsFields ?? NEEDS,
    instead: needsFields === undefined ? INSTEAD : {},
    body,
    hourly,
    sql: (d: Dialect, held: HeldFields) => withRelations(body(d), d, held),
  };
}

/** A number that a detection compares with. */
export function least(meaning: string, number: number): Parameter {
  return { type: 'count', meaning, default: String(number) };
}

/** Ports that a detection is about, or leaves out. */
export function ports(meaning: string, text: string): Parameter {
  return { type: 'ports', meaning, default: text };
}
