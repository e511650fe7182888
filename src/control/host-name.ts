/**
 * Names of hosts on which agents run.
 *
 * In:    a text. Out: whether it may be one.
 * Holds: such a name stands in tables, labels of metrics and URLs as it is.
 */

/** Letters, digits, `.`, `_` and `-`, at most 64, a letter or digit first: what `hostname` prints, or an instance's id. */
export function isHostName(text: string): boolean {
  return /^[a-z0-9][\w.-]{0,63}$/iu.test(text);
}
