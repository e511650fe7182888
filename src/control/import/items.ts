/**
 * Items of an answer with their ids.
 *
 * In:    what an answer has of a kind. Out: items as facts are kept.
 * Fails: FG_IMPORT_ITEM where an item is no object or has no id; FG_MODEL_VALUE where it is nested too deep.
 */
import { failure } from '../../model/errors.ts';
import { KINDS } from '../../network/vpc/kinds.ts';
import type { Answer } from '../../storage/state/record-answers.ts';
import { DEEPEST } from './place.ts';

/** The id of the only item of a kind. */
const ONLY = '-';

/** @param kind  a key of `KINDS` */
export function itemsOf(kind: string, found: readonly unknown[], place = 'the answer'): Answer['items'] {
  const members = KINDS.get(kind) ?? [];
  return found.map((content, i) => {
    const item = (typeof content === 'object' && content !== null ? content : {}) as Record<string, unknown>;
    const id = members.length === 0 ? ONLY : members.map((member) => item[member]).find((value) => value !== undefined);
    if (typeof id !== 'string' || id === '')
      throw failure('FG_IMPORT_ITEM', place, `${kind}[${i}]`, members.join(' or '));
    if (isDeeper(content, DEEPEST))
      throw failure('FG_MODEL_VALUE', place, `${kind}[${i}]`, 'nested too deep to be shown', 'what AWS describes');
    return { id, content };
  });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
