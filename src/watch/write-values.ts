/**
 * Values of parameters written into SQL, so that it runs wherever it is pasted.
 *
 * In:    SQL with `$name` and the values. Out: SQL without.
 * Holds: a value is a whole number, or a text without quotes (`query/parameter.ts`): nothing can leave its place.
 * Fails: never.
 */
export function writeValues(sql: string, values: Readonly<Record<string, string | bigint>>): string {
  return sql.replaceAll(/\$([a-z_]+)\b/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'bigint' ? String(value) : `'${value}'`;
  });
}
