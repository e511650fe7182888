/**
 * What may stand in the files of the clone.
 *
 * In:    the text of the files by path. Out: a sentence for each find, `path:line: why`.
 * Holds: each rule is one function, and a test sees it fail. Generated files and fixtures are not ours to shorten.
 */

/** Text of files by their path in the clone. */
export type Texts = ReadonlyMap<string, string>;
export type TextRule = (texts: Texts) => string[];

const LONGEST = 450;
const isCode = (path: string): boolean => /\.(tsx?|py|c)$/.test(path) && !/\.generated\.|^test\/fixtures\//.test(path);

/** One sentence for each line of the chosen files that matches. */
function lines(texts: Texts, chosen: (path: string) => boolean, pattern: RegExp, why: string): string[] {
  const wrong: string[] = [];
  for (const [path, text] of texts) {
    if (!chosen(path)) continue;
    for (const [number, line] of text.split('\n').entries()) {
      const match = pattern.exec(line);
      if (match) wrong.push(`${path}:${number + 1}: ${why}: ${match[0].trim().slice(0, 60)}`);
    }
  }
  return wrong;
}

/** A file that nobody reads in one go is two files. */
export const notTooLong: TextRule = (texts) =>
  [...texts]
    .filter(([path]) => isCode(path))
    .map(([path, text]) => [path, text.split('\n').length - 1] as const)
    .filter(([, count]) => count > LONGEST)
    .map(([path, count]) => `${path}:1: has ${count} lines, ${LONGEST} at most: make two files of it`);

// A letter in brackets, here and below, so that this file does not find itself.
const MACHINE_PATH = /(^|[^a-z.])\/(wor[k]|far[m])\/|\/tm[p]\/[a-z]|\/hom[e]\/[a-z]/;

/** A path of one person's machine is true nowhere else. */
export const noMachinePaths: TextRule = (texts) =>
  lines(texts, (path) => !/\.(svg|pcap|pcapng|gz|parquet)$/.test(path), MACHINE_PATH, 'a path of one machine');

const MARKER = /TO[D]O|FIX[M]E|XX[X]|not implemente[d]|@ts-ignor[e]|\.onl[y]\(/;
const TEST_MARKER = /setTimeou[t]\(|slee[p]\(|assert\.ok\(tru[e]\)|skip: tru[e]/;

/** What was left open (the linter refuses types that are left open), and tests that wait, cannot fail or never run. */
export const nothingLeftOpen: TextRule = (texts) => [
  ...lines(texts, (path) => isCode(path), MARKER, 'left open'),
  ...lines(texts, (path) => path.endsWith('.test.ts'), TEST_MARKER, 'a test that waits, cannot fail or never runs'),
];

/** The lock holds versions and hashes; where they come from is the reader's own setting. */
export const lockNamesNoHost: TextRule = (texts) =>
  lines(
    texts,
    (path) => path === 'package-lock.json',
    /"resolved":|https?:\/\/[^"]*\.tgz/,
    'the lock names a registry',
  );
