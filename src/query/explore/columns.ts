/**
 * Fields as SQL: those of records, and those that are worked out.
 *
 * In:    a name of `filterField`, which fields the files hold. Out: an expression; the fields that it takes.
 * Holds: what a file does not hold is NULL.
 * Fails: never.
 */
import type { FilterField } from '../../api/filter-fields.ts';
import { columnName, fieldNamed } from '../../record/fields/list.ts';
import { quoteName } from '../../storage/duck/quote.ts';
import type { Dialect } from '../dialect.ts';
import type { HeldFields } from '../held-fields.ts';
import { hasFlag } from '../measures.ts';

type Derived = {
  readonly needs: readonly string[];
  /** By field: what is done where files do not hold it. */
  readonly instead: Readonly<Record<string, string>>;
  readonly sql: (d: Dialect, held: HeldFields) => string;
};

/** TCP, UDP and SCTP have ports. */
const WITH_PORTS = 'protocol IN (6, 17, 132)';

function directionOf(d: Dialect, held: HeldFields): string {
  const inside = `CASE WHEN ${d.isPrivate('srcaddr')} AND NOT ${d.isPrivate('dstaddr')} THEN 'egress'
      WHEN ${d.isPrivate('dstaddr')} AND NOT ${d.isPrivate('srcaddr')} THEN 'ingress' END`;
  return held.byAll('flow-direction') ? 'flow_direction' : `coalesce(${held.column('flow-direction')}, ${inside})`;
}

const DIRECTION_INSTEAD = {
  'flow-direction':
    'what a private address sent to a public one is taken for egress, and the other way round for ingress',
};

const DERIVED: Readonly<Record<string, Derived>> = {
  'service-port': {
    needs: ['srcport', 'dstport', 'protocol'],
    instead: { 'tcp-flags': 'the lower port is taken for that of the service' },
    sql(_, held) {
      const flags = held.column('tcp-flags');
      return `CASE WHEN NOT ${WITH_PORTS} THEN NULL
      WHEN protocol = 6 AND ${hasFlag(flags, 'SYN')} THEN CASE WHEN ${hasFlag(flags, 'ACK')} THEN srcport ELSE dstport END
      WHEN srcport < dstport THEN srcport ELSE dstport END`;
    },
  },
  direction: { needs: ['srcaddr', 'dstaddr'], instead: DIRECTION_INSTEAD, sql: directionOf },
  peer: {
    needs: ['srcaddr', 'dstaddr'],
    instead: DIRECTION_INSTEAD,
    sql: (d, held) => `CASE ${directionOf(d, held)} WHEN 'ingress' THEN srcaddr WHEN 'egress' THEN dstaddr END`,
  },
};

/** A field's expression. */
export function fieldSql({ name }: Pick<FilterField, 'name'>, d: Dialect, held: HeldFields): string {
  const derived = DERIVED[name];
  if (derived !== undefined) return derived.sql(d, held);
  if (fieldNamed(name) === undefined) return quoteName(columnName(name));
  const column = held.column(name);
  return column === 'end' ? quoteName(column) : column;
}

/** Fields without which one cannot be asked for, and what is done where files do not hold what it is better with. */
export function takenFor({ name, either }: Pick<FilterField, 'name' | 'either'>): Pick<Derived, 'needs' | 'instead'> {
  return DERIVED[name] ?? { needs: either.length > 0 ? either : [name], instead: {} };
}
