/**
 * Tags: what CreateTags and the TagSpecifications of every Create take.
 *
 * In:    tags and tag specifications of a request. Out: the tags a thing then has.
 * Holds: keys are unique, at most 50 to a thing, 128 characters long, and do not begin with `aws:`; values have at most 256.
 * Fails: `InvalidParameterValue`, `TagLimitExceeded`, `InvalidTagKey.Malformed`.
 */
import { Ec2Error, invalidParameterValue } from './errors.ts';

export type Tag = { readonly Key: string; readonly Value: string };
type GivenTag = { readonly Key?: string; readonly Value?: string };
type GivenSpecification = { readonly ResourceType?: string; readonly Tags?: readonly GivenTag[] };

/** In characters, of which some take two places in a text. */
export const lengthOf = (text: string): number => Array.from(text).length;

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/** Checks tags; a value that is not given is empty. */
export function checkTags(given: readonly GivenTag[]): Tag[] {
  const seen = new Set<string>();
  return given.map(({ Key: key = '', Value: value = '' }) => {
    if (key === '') throw new Ec2Error('InvalidParameterValue', 'Tag key cannot be empty');
    if (lengthOf(key) > LONGEST_KEY)
      throw new Ec2Error('InvalidParameterValue', `Tag key exceeds the maximum length of ${LONGEST_KEY} characters`);
    if (lengthOf(value) > LONGEST_VALUE)
      throw new Ec2Error(
        'InvalidParameterValue',
        `Tag value exceeds the maximum length of ${LONGEST_VALUE} characters`,
      );
    if (/^aws:/i.test(key))
      throw new Ec2Error('InvalidParameterValue', 'Tag keys starting with ‘aws:’ are reserved for internal use');
    if (seen.has(key)) throw new Ec2Error('InvalidParameterValue', `Duplicate tag key '${key}' specified.`);
    seen.add(key);
    return { Key: key, Value: value };
  });
}

/** The tags of a thing after others were added: those of the same key are replaced. */
export function mergeTags(
  before: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  added: readonly Tag[],
): Tag[] {
  const all = new Map(before.map(({ Key = '', Value = '' }) => [Key, Value]));
  for (const { Key, Value } of added) all.set(Key, Value);
  if (all.size > MOST_TAGS)
    throw new Ec2Error(
      'TagLimitExceeded',
      `The maximum number of tags for a resource, ${MOST_TAGS}, has been reached.`,
    );
  return [...all].map(([Key, Value]) => ({ Key, Value }));
}

/**
 * The tags that a request gives to what it makes.
 *
 * @param resourceType  the only one that the action makes
 */
export function tagsFor(resourceType: string, specifications: readonly GivenSpecification[] = []): Tag[] {
  for (const { ResourceType: type } of specifications) {
    if (type === undefined)
      throw new Ec2Error('MissingParameter', 'The request must contain the parameter TagSpecification.ResourceType');
    if (type !== resourceType)
      throw invalidParameterValue(
        'TagSpecification.ResourceType',
        type,
        `Only '${resourceType}' can be tagged by this call.`,
      );
  }
  if (specifications.length > 1)
    throw new Ec2Error('InvalidParameterValue', `Duplicate resource type '${resourceType}' in TagSpecification`);
  return mergeTags([], checkTags(specifications.flatMap(({ Tags }) => Tags ?? [])));
}
