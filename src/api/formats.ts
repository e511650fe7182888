/**
 * Fields of log formats, and what a format is: `GET /api/format`, `POST /api/format`.
 *
 * In:    nothing. Out: the types of their JSON.
 * Holds: names of fields have hyphens, names of columns underscores.
 */

/** A field of a log format, as the table of fields has it. */
export type FieldRow = {
  readonly name: string;
  /** Name of its column in a query. */
  readonly column: string;
  /** 2 to 11; 0 of our own, which do not raise the version of a format. */
  readonly version: number;
  readonly since: string;
  readonly type: 'VARCHAR' | 'INTEGER' | 'BIGINT';
  /** `transit-gateway`: read, and never written here. */
  readonly kind: 'interface' | 'transit-gateway' | 'extension';
  readonly meaning: string;
  /** When it is `-`. */
  readonly absent: string;
  /** Why it would be `-` in every record of the network as it is now; null where something fills it. */
  readonly empty: string | null;
};

/** A format to begin with. */
export type FormatPreset = {
  /** 2 is AWS's default. */
  readonly version: number;
  /** `${version} ${account-id} …` */
  readonly format: string;
};

export type FormatFields = { readonly fields: readonly FieldRow[]; readonly presets: readonly FormatPreset[] };

/** Body of `POST /api/format`. */
export type FormatQuestion = { readonly format: string };

/** What a saved query can say of records of a format. */
export type FormatCapability = {
  /** Name of the saved query. */
  readonly query: string;
  readonly meaning: string;
  /** `inferred`: something stands in for a field. */
  readonly can: 'yes' | 'inferred' | 'no';
  /** Fields without which it cannot be asked. */
  readonly missing: readonly string[];
  /** By field that is not there: what is done instead. */
  readonly instead: Readonly<Record<string, string>>;
};

export type FormatAnswer = {
  /** Null: it is one. With a code of `docs/errors.md` or of EC2. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** Null where there is a problem. */
  readonly preview: FormatPreview | null;
};

export type FormatPreview = {
  /** As CreateFlowLogs takes it. */
  readonly format: string;
  /** The highest version among the fields. */
  readonly version: number;
  readonly fields: readonly string[];
  /** First line of a text file. */
  readonly header: string;
  /** Lines of a small network that is made up: an accepted request, a rejected one, a window without traffic. */
  readonly examples: readonly string[];
  readonly capabilities: readonly FormatCapability[];
};
