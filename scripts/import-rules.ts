/**
 * What may import what.
 *
 * In:    the import graph of the clone. Out: a sentence for each import that breaks a rule, `path:line: why`.
 * Holds: the order is `layers.ts`; each rule is one function, and a test sees it fail.
 */
import type { Import, ImportGraph } from './imports.ts';
import { LAYERS, layerOf, mayImport } from './layers.ts';

export type Rule = (graph: ImportGraph) => string[];

/** Tests, and what is there for them alone. */
const isTest = (path: string): boolean => /\.(test|fixture)\.ts$/.test(path);

/** One sentence for each import that `fault` finds wrong. */
function each(graph: ImportGraph, fault: (path: string, found: Import) => string | null): string[] {
  const wrong: string[] = [];
  for (const [path, imports] of graph)
    for (const found of imports) {
      const why = fault(path, found);
      if (why !== null) wrong.push(`${path}:${found.line}: ${why}`);
    }
  return wrong;
}

/** A folder uses those above it in the list and none below. Tests may use what `test/` holds for them. */
export const noForwardImports: Rule = (graph) => {
  const homeless = [...graph.keys()]
    .filter((path) => path.startsWith('src/') && layerOf(path) < 0)
    .map((path) => `${path}:1: lies in no folder of scripts/layers.ts`);
  const forward = each(graph, (path, { path: to }) => {
    if (!path.startsWith('src/') || to === null || layerOf(path) < 0) return null;
    if (isTest(path) && to.startsWith('test/')) return null;
    if (!to.startsWith('src/')) return `src/ imports ${to}, which is not part of the program`;
    if (layerOf(to) < 0 || mayImport(layerOf(path), layerOf(to))) return null;
    return `imports ${to}: ${LAYERS[layerOf(to)]!.folder}/ comes after ${LAYERS[layerOf(path)]!.folder}/`;
  });
  return [...homeless, ...forward];
};

/** The console takes from the program what the two say to each other, and nouns. */
export const consoleStaysOut: Rule = (graph) =>
  each(graph, (path, { text, path: to }) => {
    if (!path.startsWith('web/src/') || isTest(path)) return null;
    if (text.startsWith('node:')) return `imports ${text}, which no browser has`;
    return to === null || /^(?:web|src\/api|src\/model)\//.test(to)
      ? null
      : `imports ${to}; web/ takes from src/api/ and src/model/ alone`;
  });

/** Import the file that holds the thing: nothing is passed on but by a door (`public.ts`). */
export const onlyTheHolder: Rule = (graph) => {
  const gathering = [...graph.keys()]
    .filter((path) => /(^|\/)index\.ts$/.test(path))
    .map((path) => `${path}:1: an index.ts gathers a folder; import the file that holds the thing`);
  const wrong = each(graph, (path, { text, path: to, reexport }) => {
    if (reexport && !path.endsWith('/public.ts')) return `passes on ${text}; import it where it is used`;
    if (to === null) return null;
    if (!graph.has(to) && !/\.(json|js|css)$/.test(to)) return `imports ${text}, which is no file of the clone`;
    if (to.endsWith('/public.ts') && path.startsWith('src/') && !isTest(path))
      return `imports the door ${text}; import the file behind it`;
    return null;
  });
  return [...gathering, ...wrong];
};

/** No file leads back to itself when the program runs; types alone may (between folders the order holds for them too). */
export const noCycles: Rule = (graph) => {
  const state = new Map<string, 'open' | 'done'>();
  const wrong: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      wrong.push(`${path}:1: a cycle: ${[...way.slice(way.indexOf(path)), path].join(' → ')}`);
      return;
    }
    state.set(path, 'open');
    for (const { path: to, typeOnly } of graph.get(path) ?? []) if (to !== null && !typeOnly) visit(to, [...way, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return wrong;
};

/** DuckDB's native module is imported in `src/storage/duck/` alone. */
export const duckInOnePlace: Rule = (graph) =>
  each(graph, (path, { text }) =>
    text.startsWith('@duckdb/') && !path.startsWith('src/storage/duck/')
      ? `imports ${text}; only src/storage/duck/ may, ask one of its functions`
      : null,
  );

/** Pure folders reach neither Node nor a folder that does. Tests may. */
export const pureStaysPure: Rule = (graph) =>
  each(graph, (path, { text, path: to }) => {
    const layer = LAYERS[layerOf(path)];
    if (layer?.pure !== true || isTest(path)) return null;
    if (text.startsWith('node:')) return `imports ${text} in the pure folder ${layer.folder}/`;
    const other = to === null ? undefined : LAYERS[layerOf(to)];
    return other !== undefined && other.pure !== true
      ? `the pure folder ${layer.folder}/ imports ${to}, which is not pure`
      : null;
  });

/** Clients of cloud services cost 150 ms each to load: import them in the body that needs them. */
export const cloudClientsLate: Rule = (graph) =>
  each(graph, (path, { text, dynamic, typeOnly }) =>
    path.startsWith('src/') && !isTest(path) && /^@(aws-sdk|smithy)\//.test(text) && !dynamic && !typeOnly
      ? `imports ${text} at its top; use \`await import('${text}')\` where it is needed`
      : null,
  );

/** What the command line loads before it knows the verb: itself, the error catalogue, and two packages. */
export const lightStart: Rule = (graph) => {
  const entry = 'src/cli/main.ts';
  // It imports the file of each verb when that is asked for, or all of them.
  const verbs = 'src/cli/list.ts';
  const seen = new Set<string>();
  const wrong: string[] = [];
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { text, path: to, line, typeOnly, dynamic } of graph.get(path) ?? []) {
      if (typeOnly || (dynamic && path !== verbs) || text.startsWith('node:')) continue;
      if (to === null ? text === 'commander' : /^src\/(cli|model)\//.test(to)) {
        if (to !== null) visit(to);
      } else wrong.push(`${path}:${line}: ${text} is loaded before the verb is known; import it inside the action`);
    }
  };
  visit(entry);
  return wrong;
};
