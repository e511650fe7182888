/**
 * Answers of the Query protocol → the JSON that aws-cli makes of them.
 *
 * In:    a text in XML, and the shape of the answer. Out: an object whose members are named and typed as the SDK's.
 * Holds: elements that no shape knows are kept beside the others, as text, for whoever reads them to name; only around the
 *        lists of an answer they are left out. Lists are lists of `item` or `member`. Attributes, comments and
 *        processing instructions tell nothing. Entities of XML and numbers are understood, declared ones are not.
 * Fails: a SyntaxError that tells the place, where the text is no XML.
 */
import type { Type } from '../ec2/shapes.ts';
import { answerShape, membersIn } from './answer-shapes.ts';

/** One element; `text` is '' where there are children. */
type Element = { readonly name: string; readonly children: Element[]; text: string };

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const PIECE = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/>]+)[^>]*?(\/?)>|([^<]+)/y;

function unescape(text: string): string {
  return text.replace(
    /&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));/g,
    (whole: string, hex?: string, decimal?: string, name = '') => {
      const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      return ENTITIES[name] ?? whole;
    },
  );
}

/** Reads XML into its outermost element. */
export function parseXml(text: string): Element {
  const top: Element = { name: '', children: [], text: '' };
  const open: Element[] = [top];
  PIECE.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  while (PIECE.lastIndex < text.length) {
    const at = PIECE.lastIndex;
    const match = PIECE.exec(text);
    const current = open.at(-1)!;
    if (match === null) throw new SyntaxError(`no XML at character ${at}`);
    const [, data, closing, name, empty, words] = match;
    if (data !== undefined) current.text += data;
    else if (words !== undefined) current.text += unescape(words);
    else if (name === undefined) continue;
    else if (closing === '/') {
      if (current.name !== local(name) || open.length < 2)
        throw new SyntaxError(`"${name}" ends at character ${at}, where "${current.name}" is open`);
      open.pop();
    } else {
      const element: Element = { name: local(name), children: [], text: '' };
      current.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  if (open.length > 1) throw new SyntaxError(`"${open.at(-1)!.name}" does not end`);
  const [root] = top.children;
  if (root === undefined) throw new SyntaxError('no element');
  return root;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function valueOf(element: Element, service: string, type: Type): unknown {
  if (type.kind === 'list') return element.children.map((item) => valueOf(item, service, type.of));
  if (type.kind === 'structure') return wholeStructureOf(element, service, type.shape);
  if (type.kind === 'number') return Number(element.text);
  if (type.kind === 'boolean') return element.text === 'true';
  return element.text;
}

function structureOf(element: Element, service: string, shape: string): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const { name, xml, type } of membersIn(service, shape)) {
    const found = element.children.find((child) => child.name === xml);
    if (found !== undefined) made[name] = valueOf(found, service, type);
  }
  return made;
}

/** A structure inside an answer, with what its shape does not know. */
function wholeStructureOf(element: Element, service: string, shape: string): Record<string, unknown> {
  const known = new Set(membersIn(service, shape).map(({ xml }) => xml));
  const strange = element.children.filter(({ name }) => !known.has(name));
  return strange.length === 0
    ? structureOf(element, service, shape)
    : { ...structureOf(element, service, shape), ...strangeOf(strange) };
}

/** Elements that no shape knows, called as the SDK would: with a capital. */
function strangeOf(elements: readonly Element[]): Record<string, unknown> {
  return Object.fromEntries(
    elements.map((one) => [one.name.charAt(0).toUpperCase() + one.name.slice(1), strangeValueOf(one)]),
  );
}

function strangeValueOf({ children, text }: Element): unknown {
  if (children.length === 0) return text.trim();
  return children.every(({ name }) => name === 'item' || name === 'member')
    ? children.map(strangeValueOf)
    : strangeOf(children);
}

/**
 * The answer of a call.
 *
 * @param call  `ec2.DescribeVpcs`
 */
export function readAnswer(call: string, text: string): Record<string, unknown> {
  const [service = '', action = ''] = call.split('.');
  const root = parseXml(text);
  // The plain Query protocol wraps the answer, EC2 does not.
  const result = root.children.find(({ name }) => name === `${action}Result`) ?? root;
  return structureOf(result, service, answerShape(service, action));
}

/** What an answer that is an error says; null where it is none. */
export function readProblem(text: string): { readonly code: string; readonly message: string } | null {
  const walk = (element: Element): Element | null =>
    element.name === 'Error' ? element : (element.children.map(walk).find((found) => found !== null) ?? null);
  try {
    const error = walk(parseXml(text));
    const part = (name: string): string => error?.children.find((child) => child.name === name)?.text ?? '';
    return error === null ? null : { code: part('Code'), message: part('Message') };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The account in an answer of GetCallerIdentity; '' none. */
export function accountIn(text: string): string {
  const walk = (element: Element): string =>
    element.name === 'Account' ? element.text : (element.children.map(walk).find((found) => found !== '') ?? '');
  return walk(parseXml(text));
}
