/** For tests of errors that AWS is known or supposed to answer: requests as forms, what answers say, what the docs mark. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Form = Readonly<Record<string, string>>;

/** A request's body. */
export const formOf = (action: string, form: Form): string =>
  new URLSearchParams({ Action: action, Version: '2016-11-15', ...form }).toString();

/** The text of an element. */
export const textIn = (name: string, xml: string): string => {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
};

const DOCS = readFileSync(join(import.meta.dirname, '../../../docs/ec2-api.md'), 'utf8').split('\n');

/** That the docs have one row that begins so, and mark it as known from nobody. */
export function assertMarked(row: string): void {
  const rows = DOCS.filter((line) => line.startsWith(`| ${row}`));
  assert.equal(rows.length, 1, row);
  assert.match(rows[0] ?? '', /\*\*unverified\*\*/);
}
