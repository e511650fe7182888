/**
 * What a filter may name, and what its values are.
 *
 * In:    a name. Out: the field.
 * Holds: every field of the field table; `addr` and `port`, which are either side; and what is worked out from fields.
 *        Names have hyphens, as in log formats. A name that only some file's header has is text.
 */
import { FIELD_TABLE } from './field-table.generated.ts';

export type FilterKind = 'address' | 'number' | 'text';

export type FilterField = {
  readonly name: string;
  readonly kind: FilterKind;
  readonly meaning: string;
  /** Fields of which one must fit; empty: it is one itself. */
  readonly either: readonly string[];
  /** True: worked out from other fields. */
  readonly derived: boolean;
  /** 2 to 11; 0 where no version has it. */
  readonly version: number;
};

/** Columns of text that hold addresses. */
const ADDRESSES = /^(?:pkt-)?(?:src|dst)addr$/u;

/** Both ends in one. */
const EITHER: readonly FilterField[] = [
  either('addr', 'address', 'Either address of the record.', ['srcaddr', 'dstaddr']),
  either('pkt-addr', 'address', 'Either address of the packet.', ['pkt-srcaddr', 'pkt-dstaddr']),
  either('port', 'number', 'Either port.', ['srcport', 'dstport']),
];

/** Worked out; `query/explore/derived.ts` says how. */
const DERIVED: readonly FilterField[] = [
  derived(
    'service-port',
    'number',
    'Port of the side that was called: by the SYN where flags are recorded, else the lower one. TCP, UDP and SCTP.',
  ),
  derived(
    'direction',
    'text',
    'ingress or egress: flow-direction where it is recorded, else told by which of the addresses is private.',
  ),
  derived('peer', 'address', 'The far end, as seen from the interface.'),
];

/** Fields of records, in the order of the field table. */
export const RECORD_FIELDS: readonly FilterField[] = FIELD_TABLE.map(([name, version, column, meaning]) => ({
  name,
  kind: column !== 'VARCHAR' ? 'number' : ADDRESSES.test(name) ? 'address' : 'text',
  meaning,
  either: [],
  derived: false,
  version,
}));

/** Fields that records may be grouped by. */
export const DIMENSIONS: readonly FilterField[] = [...RECORD_FIELDS, ...DERIVED];

/** Everything that a filter may name without being told of more. */
export const FILTER_FIELDS: readonly FilterField[] = [...DIMENSIONS, ...EITHER];

const byName = new Map(FILTER_FIELDS.map((field) => [field.name, field]));

/**
 * The field of a name; underscores are as hyphens.
 *
 * @param others  names beyond the field table that headers of files have
 */
export function filterField(name: string, others: readonly string[] = []): FilterField | undefined {
  const plain = name.toLowerCase().replaceAll('_', '-');
  const known = byName.get(plain);
  if (known !== undefined) return known;
  const other = others.find((each) => each.toLowerCase().replaceAll('_', '-') === plain);
  if (other === undefined) return undefined;
  return { name: plain, kind: 'text', meaning: 'Named by the files alone.', either: [], derived: false, version: 0 };
}

function either(name: string, kind: FilterKind, meaning: string, fields: readonly string[]): FilterField {
  return { name, kind, meaning, either: fields, derived: false, version: 0 };
}

function derived(name: string, kind: FilterKind, meaning: string): FilterField {
  return { name, kind, meaning, either: [], derived: true, version: 0 };
}
