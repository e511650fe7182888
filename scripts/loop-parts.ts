/**
 * The files of loops that make a module, as `compile-loops.ts` takes them.
 *
 * In:    a file. Out: it, and those whose functions it takes: their functions as trees, their constants.
 * Fails: with an Error that names the file.
 */
import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

// oxlint-disable-next-line typescript/no-explicit-any -- The tree has a type for each of its kinds; here each is looked at once.
export type Tree = any;
/** A file of loops. */
export type Part = {
  readonly path: string;
  readonly source: string;
  readonly constants: ReadonlyMap<string, number>;
  readonly memories: readonly string[];
  readonly functions: readonly Tree[];
  readonly exported: ReadonlySet<string>;
  /** Files whose functions it takes, with the memories that it gives them. */
  readonly taken: readonly {
    readonly url: URL;
    readonly memories: readonly string[];
    readonly names: readonly string[];
  }[];
};

/** The number that an expression is whatever happens, null where it is none; `named` knows the constants. */
export function constantOf(node: Tree, named: (name: string) => number | null): number | null {
  if (node.type === 'Literal' && typeof node.value === 'number') return node.value;
  if (node.type === 'Identifier') return named(node.name);
  if (node.type === 'ParenthesizedExpression') return constantOf(node.expression, named);
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const value = constantOf(node.argument, named);
    return value === null ? null : -value;
  }
  if (node.type !== 'BinaryExpression') return null;
  const [a, b] = [constantOf(node.left, named), constantOf(node.right, named)];
  if (a === null || b === null) return null;
  const made: Readonly<Record<string, number>> = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '|': a | b,
    '<<': a << b,
    '/': a / b,
  };
  return made[node.operator] ?? null;
}

/** Numbers that a file names at its top: its own, and those that it imports. */
async function constantsOf(url: URL, body: readonly Tree[]): Promise<Map<string, number>> {
  const constants = new Map([['Infinity', Infinity]]);
  for (const node of body) {
    if (node.type !== 'ImportDeclaration' || node.importKind === 'type') continue;
    const module = (await import(new URL(node.source.value, url).href)) as Readonly<Record<string, unknown>>;
    for (const { imported, local } of node.specifiers) {
      const value = module[imported.name];
      if (typeof value === 'number') constants.set(local.name, value);
    }
  }
  for (const node of body) {
    const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    if (declared?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declared.declarations) {
      const value = constantOf(init, (name) => constants.get(name) ?? null);
      if (value !== null) constants.set(id.name, value);
    }
  }
  return constants;
}

async function readPart(url: URL): Promise<Part> {
  const source = readFileSync(url, 'utf8');
  const { program, errors } = parseSync(url.pathname, source);
  if (errors.length > 0) throw new Error(`${url.pathname}: ${errors[0]!.message}`);
  const body = program.body as readonly Tree[];
  const factory = body
    .map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : null))
    .find((node) => node?.type === 'FunctionDeclaration' && node.id.name.endsWith('Loops'));
  if (!factory) throw new Error(`${url.pathname}: exports no function named …Loops`);
  const inside: readonly Tree[] = factory.body.body;
  const from = new Map<string, string>(
    body
      .filter((node) => node.type === 'ImportDeclaration')
      .flatMap((node) => node.specifiers.map((each: Tree) => [each.local.name, node.source.value] as const)),
  );
  const taken = inside
    .filter((node) => node.type === 'VariableDeclaration')
    .flatMap((node) => node.declarations)
    .map(({ id, init }: Tree) => ({
      url: new URL(from.get(init.callee.name) ?? '', url),
      memories: init.arguments.map((each: Tree) => each.name),
      names: id.properties.map((each: Tree) => each.key.name),
    }));
  return {
    path: url.pathname,
    source,
    constants: await constantsOf(url, body),
    memories: factory.params.map((param: Tree) => param.name),
    functions: inside.filter((node) => node.type === 'FunctionDeclaration'),
    exported: new Set(inside.at(-1)!.argument.properties.map((each: Tree) => each.key.name)),
    taken,
  };
}

/** The files that make a module, each before those that take of it. */
export async function partsOf(url: URL, parts: Map<string, Part> = new Map()): Promise<Map<string, Part>> {
  if (parts.has(url.href)) return parts;
  const part = await readPart(url);
  for (const { url: other, memories, names } of part.taken) {
    await partsOf(other, parts);
    const given = parts.get(other.href)!;
    if (memories.join() !== given.memories.join())
      throw new Error(`${part.path}: ${given.path} has the memories ${given.memories.join(', ')}, by these names`);
    const missing = names.find((name) => !given.exported.has(name));
    if (missing !== undefined) throw new Error(`${part.path}: ${given.path} gives no ${missing}`);
  }
  return parts.set(url.href, part);
}
