/**
 * CreateTags: adds tags to things of any kind, or replaces those of the same keys.
 *
 * In:    ids of things, tags. Out: nothing. Holds: all of them are tagged or none.
 * Fails: `InvalidID` for what nothing has, and those of tags.
 * @see EC2 API Reference, "CreateTags", August 2026
 */
import type { CreateTagsRequest } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { checkTags, mergeTags } from '../tags.ts';
import { taggedItems, withTags } from '../tagged.ts';

export const createTags = writeAction<CreateTagsRequest, object>({
  name: 'CreateTags',
  run(input, { resources }) {
    const added = checkTags(input.Tags);
    for (const found of taggedItems(resources, input.Resources))
      withTags(resources, found, mergeTags(found.tags, added));
    return {};
  },
});
