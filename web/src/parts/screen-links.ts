/**
 * Addresses of screens that others lead to, with what they shall show.
 *
 * In:    ids, ends, filters, changes. Out: path and parameters for `useScreenLink`.
 * Holds: what comes from records and tags stands as a parameter's value and nowhere else in an address.
 */
import type { FilterCondition } from '../../../src/api/filter.ts';
import { filterText } from '../../../src/api/filter.ts';

export type ScreenAddress = readonly [path: string, own: Readonly<Record<string, string>>];

type Maybe = string | number | null | undefined;

/** Conditions that must be equal; what is not given is left out. */
export function equalFilter(values: Readonly<Record<string, Maybe>>): string {
  const conditions = Object.entries(values).flatMap(([field, value]): FilterCondition[] =>
    value === null || value === undefined ? [] : [{ field, operator: '=', values: [String(value)] }],
  );
  return filterText(conditions);
}

/** The records behind a number. */
export const recordsAt = (filter: string): ScreenAddress => ['/explore', { tab: 'records', filter }];

export type Ends = {
  readonly from: string;
  readonly to: string;
  readonly protocol?: string;
  readonly port?: number | null;
  readonly at?: number | null;
};

/** Two ends, diagnosed. */
export function diagnoseAt({ from, to, protocol = 'tcp', port, at }: Ends): ScreenAddress {
  return [
    '/diagnose',
    {
      source: from,
      destination: to,
      protocol,
      ...(port === null || port === undefined ? {} : { port: String(port) }),
      ...(at === null || at === undefined ? {} : { at: String(at) }),
    },
  ];
}

/** The rules of a group or ACL, one of them in view. */
export const rulesAt = (of: string, rule?: string): ScreenAddress => [
  '/rules',
  { of, ...(rule === undefined ? {} : { rule }) },
];

/** Rejects that a group or ACL has to do with. */
export const rejectedAt = (of: string): ScreenAddress => ['/rejected', { of }];

/** A change, to be tried. */
export const whatIfAt = (change: { readonly changes: readonly object[] }): ScreenAddress => [
  '/what-if',
  { change: JSON.stringify(change) },
];

/** The group or ACL of a rule, as far as its id says it: `acl-…/in/100`, `sg-…/in/tcp/…`; of `sgr-…` nothing. */
export function ownerOf(ruleId: string): string | null {
  return /^((?:sg|acl)-[^/]+)\//u.exec(ruleId)?.[1] ?? null;
}
