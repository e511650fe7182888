/**
 * The patterns of filters: `*` any text, `?` one character, a backslash before one of the three takes it as it is.
 *
 * In:    a pattern. Out: whether a text fits. Holds: the time is at most length times length, whatever the pattern.
 * @see EC2 API Reference, "Filter", August 2026: values are case-sensitive
 */

/** -1 any text, -2 any one character, else the character. */
const ANY = -1;
const ONE = -2;

function partsOf(pattern: string): number[] {
  const parts: number[] = [];
  const letters = Array.from(pattern);
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i]!;
    const next = letters[i + 1];
    if (letter === '\\' && (next === '*' || next === '?' || next === '\\')) {
      parts.push(next.codePointAt(0)!);
      i++;
    } else if (letter === '*') {
      if (parts.at(-1) !== ANY) parts.push(ANY);
    } else parts.push(letter === '?' ? ONE : letter.codePointAt(0)!);
  }
  return parts;
}

/** Makes the test of a pattern. */
export function wildcard(pattern: string): (text: string) => boolean {
  if (!/[*?\\]/.test(pattern)) return (text) => text === pattern;
  const parts = partsOf(pattern);
  return (text) => {
    const letters = Array.from(text, (letter) => letter.codePointAt(0)!);
    // Where the last `*` stood, and how much of the text it has taken.
    let star = -1;
    let taken = 0;
    let at = 0;
    let i = 0;
    while (i < letters.length) {
      const part = parts[at];
      if (part === ONE || (part !== undefined && part !== ANY && part === letters[i])) {
        at++;
        i++;
      } else if (part === ANY) {
        star = at++;
        taken = i;
      } else if (star >= 0) {
        at = star + 1;
        i = ++taken;
      } else return false;
    }
    while (parts[at] === ANY) at++;
    return at === parts.length;
  };
}
