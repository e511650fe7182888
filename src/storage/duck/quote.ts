/**
 * Names and texts as SQL takes them.
 *
 * In:    any text. Out: the same, quoted.
 * Holds: nothing in the text ends the quotation.
 */

/** A name, for tables and columns. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, for the places where no parameter may stand. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
