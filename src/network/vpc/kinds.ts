/**
 * The kinds of things that a model is of, as the answers of AWS name their lists.
 *
 * In:    an item of an answer. Out: whose it is.
 */

/** The kind of which there is one in an account and region, and which is no list. */
export const SINGLE_KIND = 'VpcBlockPublicAccessOptions';

/** The account that a thing belongs to, as its item says; null where it does not. */
export function ownerOf(item: Readonly<Record<string, unknown>>): string | null {
  for (const member of ['OwnerId', 'AwsAccountId']) {
    const owner = item[member];
    if (typeof owner === 'string' && owner !== '') return owner;
  }
  return null;
}
