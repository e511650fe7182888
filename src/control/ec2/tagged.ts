/**
 * Things of any kind by their ids, to be tagged.
 *
 * In:    ids. Out: what they are, with their tags; the same with other tags.
 * Fails: `InvalidID` where an id is of nothing here.
 */
import type { Change, Resources } from './action.ts';
import { Ec2Error } from './errors.ts';
import { isIdOf } from './find-items.ts';
import { KIND_WORDS, tagsOf } from './items.ts';
import type { Items, Kind } from './items.ts';
import type { Tag } from './tags.ts';

/** A thing and its tags. */
export type Tagged = {
  readonly kind: Kind;
  readonly id: string;
  readonly item: Items[Kind];
  readonly tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];
};

/** Every kind that has tags. */
export const KINDS_WITH_TAGS = Object.keys(KIND_WORDS) as readonly Kind[];

/** What the ids are of, in their order. */
export function taggedItems(resources: Resources, ids: readonly string[]): Tagged[] {
  return ids.map((id) => {
    const kind = KINDS_WITH_TAGS.find((one) => isIdOf(one, id));
    const item = kind === undefined ? undefined : resources.get(kind, id);
    if (kind === undefined) throw new Ec2Error('InvalidID', `The ID '${id}' is not valid`);
    if (item === undefined) throw new Ec2Error(`${KIND_WORDS[kind].code}.NotFound`, `The ID '${id}' does not exist`);
    return { kind, id, item, tags: tagsOf(kind, item) };
  });
}

/** Gives a thing these tags and no others. */
export function withTags(resources: Change, { kind, item }: Tagged, tags: readonly Tag[]): void {
  resources.put(kind, { ...item, [KIND_WORDS[kind].tags]: tags });
}
