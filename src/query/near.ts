/**
 * Names that somebody may have meant.
 *
 * In:    a word and the names there are. Out: those that come near, nearest first.
 * Holds: hyphens, underscores and the case of letters make no difference.
 */

/** Names near to what was typed, three at most. */
export function nearNames(typed: string, names: readonly string[]): readonly string[] {
  const word = plain(typed);
  return names
    .map((name) => ({ name, far: farness(word, plain(name)) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)) && far < word.length)
    .sort((a, b) => a.far - b.far || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A name for comparing. */
export function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[-_]/g, '');
}

/** A name that begins with the word is nearest, then one that has it inside. */
function farness(word: string, name: string): number {
  if (word.length > 2 && name.includes(word)) return name.startsWith(word) ? 0 : 0.5;
  return distance(word, name);
}

/** How many letters must be put in, left out or changed to get from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const change = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
