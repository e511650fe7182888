/**
 * Names as parts of text that a shell or Terraform reads, for commands that are printed to be run.
 *
 * In:    a text that others may have written. Out: the same as one word of a shell, or as a string of Terraform.
 * Holds: nothing of it is obeyed: no second command, no substitution, no interpolation. A plain word stays as it is.
 * Fails: never.
 */

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:=,@%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A quoted string of Terraform. */
export function terraformString(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/gu, (sign) => sign + sign);
}
