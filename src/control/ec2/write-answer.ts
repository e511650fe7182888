/**
 * Answers → XML.
 *
 * In:    the members of an answer and its shape; an error. Out: the text that clients read.
 * Holds: elements stand in the shape's order; what is not given has none; an empty list is an empty element. Characters
 *        that XML cannot hold are left out. The text of a frozen thing is kept, for it stays the same.
 */
import { membersOf } from './shapes.ts';
import type { Type } from './shapes.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const EC2 = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const STS = 'https://sts.amazonaws.com/doc/2011-06-15/';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};
// Control characters but tab and line feed, halves of surrogate pairs, and the two that are no characters.
const NO_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Whether a text has characters that XML cannot hold. */
export const hasNoXml = (text: string): boolean => text.search(NO_XML) >= 0;

/** Text as XML has it. */
export function escapeXml(text: string): string {
  if (!/[^ !#-%'-;=?-~]/.test(text)) return text;
  return text.replace(NO_XML, '').replace(/[&<>"\r]/g, (character) => ENTITIES[character]!);
}

/** Texts of things of the state, which are frozen and asked for again and again. */
const texts = new WeakMap<object, { readonly shape: string; readonly text: string }>();

function structureText(shape: string, value: object, isAnswer: boolean): string {
  let text = '';
  for (const { name, xml, type } of membersOf(shape)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined || member === null) continue;
    text += element(
      xml,
      isAnswer && type.kind === 'list' ? listText(type.of, member, itemText) : valueText(type, member),
    );
  }
  return text;
}

/** An item of a list of the answer itself. */
function itemText(type: Type, value: unknown): string {
  if (type.kind !== 'structure' || typeof value !== 'object' || value === null || !Object.isFrozen(value))
    return valueText(type, value);
  const kept = texts.get(value);
  if (kept?.shape === type.shape) return kept.text;
  // In one piece: what V8 keeps of a text that was put together takes several times its length.
  const text = Buffer.from(structureText(type.shape, value, false)).toString();
  texts.set(value, { shape: type.shape, text });
  return text;
}

const element = (name: string, inner: string): string => (inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`);

function listText(of: Type, list: unknown, text: (type: Type, value: unknown) => string): string {
  let made = '';
  for (const item of list as readonly unknown[]) made += element('item', text(of, item));
  return made;
}

function valueText(type: Type, value: unknown): string {
  if (type.kind === 'list') return listText(type.of, value, valueText);
  if (type.kind === 'structure') return structureText(type.shape, value as object, false);
  if (type.kind === 'time') return new Date(String(value)).toISOString();
  return escapeXml(String(value));
}

/** The answer of EC2. */
export function ec2Answer(action: string, shape: string, answer: object, requestId: string): string {
  const members = shape === 'unit' ? '<return>true</return>' : structureText(shape, answer, true);
  return `${HEAD}<${action}Response xmlns="${EC2}"><requestId>${requestId}</requestId>${members}</${action}Response>`;
}

/** The answer of STS. */
export function stsAnswer(action: string, shape: string, answer: object, requestId: string): string {
  const result = element(`${action}Result`, structureText(shape, answer, true));
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `${HEAD}<${action}Response xmlns="${STS}">${result}${metadata}</${action}Response>`;
}

type Problem = { readonly code: string; readonly message: string };

/** An error of EC2. */
export function ec2Problem({ code, message }: Problem, requestId: string): string {
  const error = `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return `${HEAD}<Response><Errors>${error}</Errors><RequestID>${requestId}</RequestID></Response>`;
}

/** An error of STS. */
export function stsProblem({ code, message }: Problem, requestId: string): string {
  const inner = `<Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  return `${HEAD}<ErrorResponse xmlns="${STS}"><Error>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}
