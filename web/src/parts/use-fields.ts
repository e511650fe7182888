/**
 * The fields that the objects of the chosen time hold.
 */
import { useMemo } from 'react';
import type { FieldHeld, HeldFieldsAnswer } from '../../../src/api/explore.ts';
import { RECORD_FIELDS } from '../../../src/api/filter-fields.ts';
import { useTimeQuery } from '../url-state.ts';
import { useCall } from '../use-call.ts';

export type Fields = {
  /** By name. */
  readonly held: ReadonlyMap<string, FieldHeld>;
  /** Objects that were looked at; 0 until that is known. */
  readonly files: number;
  /** Names that no version defines. */
  readonly others: readonly string[];
};

const KNOWN = new Set(RECORD_FIELDS.map(({ name }) => name));

/** Asks once for each time range; while it is asked what was known before stays. */
export function useFields(): Fields {
  const time = useTimeQuery();
  const { last } = useCall<HeldFieldsAnswer>(`/api/held-fields?${time}`);
  return useMemo(() => {
    const fields = last?.fields ?? [];
    return {
      held: new Map(fields.map((field) => [field.name, field])),
      files: last?.files ?? 0,
      others: fields.flatMap(({ name, files }) => (files > 0 && !KNOWN.has(name) && !DERIVED.has(name) ? [name] : [])),
    };
  }, [last]);
}

const DERIVED = new Set(['service-port', 'direction', 'peer']);

/** `443 https`, `6 tcp`; the value alone where its number has no name. */
export function namedValue({ held }: Fields, field: string, value: string | number | boolean | null): string {
  if (value === null) return '-';
  const name = held.get(field)?.names[String(value)];
  return name === undefined ? String(value) : `${value} ${name}`;
}
