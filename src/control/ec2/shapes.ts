/**
 * What an operation takes and answers, member by member.
 *
 * In:    the name of an operation or shape. Out: its members with their names in requests and answers, and their types.
 * Holds: the facts are those of the SDK's schemas (`shapes.generated.ts`); an empty list of members is a shape without any.
 */
import { EC2_SHAPES, OPERATIONS } from './shapes.generated.ts';

/** The type of a value; a structure is named by its shape. */
export type Type =
  | { readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'bytes' | 'map' }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'structure'; readonly shape: string };

/** A member of a structure. */
export type Member = {
  /** As the SDK and aws-cli's JSON name it. */
  readonly name: string;
  /** The element of an answer. */
  readonly xml: string;
  /** The parameter of a request. */
  readonly query: string;
  readonly type: Type;
  readonly required: boolean;
};

/** What STS has no schema for here: its one operation that is served. */
const STS_SHAPES: Readonly<Record<string, string>> = {
  GetCallerIdentityRequest: '',
  GetCallerIdentityResponse: 'UserId Account Arn',
};
const STS_OPERATIONS: typeof OPERATIONS = {
  GetCallerIdentity: ['GetCallerIdentityRequest', 'GetCallerIdentityResponse'],
};

const MEMBER = /^([A-Za-z\d]+)(?:=([A-Za-z\d-]+))?(?:~([A-Za-z\d]+))?([^!]*)(!?)$/;
const KINDS = { '#': 'number', '?': 'boolean', '@': 'time', '*': 'bytes', '%': 'map' } as const;

function typeOf(text: string): Type {
  if (text.startsWith('[')) return { kind: 'list', of: typeOf(text.slice(1)) };
  if (text.startsWith(':')) return { kind: 'structure', shape: text.slice(1) };
  return { kind: text in KINDS ? KINDS[text as keyof typeof KINDS] : 'text' };
}

/** The members that the text of a shape names; see `scripts/shape-text.ts`. */
export function readShape(text: string): readonly Member[] {
  if (text === '') return [];
  return text.split(' ').map((one): Member => {
    const [, name = '', xml = name, query, type = '', required] = MEMBER.exec(one) ?? [];
    const large = xml.charAt(0).toUpperCase() + xml.slice(1);
    return { name, xml, query: query ?? large, type: typeOf(type), required: required === '!' };
  });
}

const known = new Map<string, readonly Member[]>();

/** The members of a shape of EC2 or STS. */
export function membersOf(shape: string): readonly Member[] {
  const found = known.get(shape);
  if (found !== undefined) return found;
  const made = readShape(EC2_SHAPES[shape] ?? STS_SHAPES[shape] ?? '');
  known.set(shape, made);
  return made;
}

/** The shapes of what an operation takes and answers. */
export function operationShapes(name: string): { readonly request: string; readonly answer: string } {
  const [request, answer] = OPERATIONS[name] ?? STS_OPERATIONS[name] ?? ['', ''];
  return { request, answer };
}
