/**
 * For tests: that calls are refused as a table of errors says, each entry of it at least once.
 *
 * Holds: code and words are those of the entry with the facts that the case names.
 */
import assert from 'node:assert/strict';
import type { ErrorTable } from './error-table.ts';

/** A call, and the facts that its error names. */
export type Refusal = readonly [call: () => Promise<unknown>, ...facts: readonly unknown[]];

/** Makes each call; a table has a key for each entry, so none is left out. */
export async function refusesAll<T extends ErrorTable>(
  table: T,
  cases: Readonly<Record<keyof T, readonly Refusal[]>>,
): Promise<void> {
  for (const [name, calls] of Object.entries(cases) as [keyof T & string, readonly Refusal[]][]) {
    assert.ok(calls.length > 0, `${name} has no case`);
    for (const [call, ...facts] of calls) {
      const { code, text } = table[name]!;
      const message = (text as (...facts: readonly unknown[]) => string)(...facts);
      await assert.rejects(call, { name: code, message }, `${name}: ${message}`);
    }
  }
}
