/**
 * DeleteTags: takes tags away from things of any kind.
 *
 * In:    ids of things; tags: of a key, with its value only where the tag has that; none takes all away. Out: nothing.
 * Fails: `InvalidID` for what nothing has.
 * @see EC2 API Reference, "DeleteTags", August 2026
 */
import type { DeleteTagsRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { taggedItems, withTags } from '../tagged.ts';

export const deleteTags = writeAction<DeleteTagsRequest, object>({
  name: 'DeleteTags',
  run({ Resources: ids, Tags: wanted }, { resources }) {
    for (const found of taggedItems(resources, ids)) {
      const isWanted = (key: string, value: string): boolean =>
        wanted?.some(({ Key, Value }) => Key === key && (Value === undefined || Value === value)) ?? true;
      const left = found.tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
      withTags(
        resources,
        found,
        left.filter(({ Key, Value }) => !isWanted(Key, Value)),
      );
    }
    return {};
  },
});
