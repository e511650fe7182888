/**
 * The parameters of a request: a form body or a query string.
 *
 * In:    text such as `Action=DescribeVpcs&VpcId.1=vpc-1`. Out: a tree: each parameter is a value, or has parameters
 *        below it by the parts of its name.
 * Holds: the time is linear in the length. A name that is given twice has the last value.
 * Fails: `InvalidParameterValue` for a name that is both a value and has parts; `RequestLimitExceeded`-like refusals of
 *        what is too much are `InvalidRequest`, `InvalidCharacter` of what XML cannot hold.
 */
import { Ec2Error } from './errors.ts';
import { hasNoXml } from './write-answer.ts';

/** A parameter: its value, or those below it. */
export type Parameters = Map<string, string | Parameters>;

/** More than any operation takes: 1,000 ids beside 200 filter values. */
const MOST_PARAMETERS = 10_000;
/** `A.1.B.2.C` has five parts; no shape is deeper than this. */
const MOST_PARTS = 20;

/** The pairs of a form, decoded; what is no right encoding stays as it is, as browsers do it. */
export function formPairs(text: string): [name: string, value: string][] {
  if (text === '') return [];
  const pairs = text.split('&', MOST_PARAMETERS + 1);
  if (pairs.length > MOST_PARAMETERS)
    throw new Ec2Error('InvalidRequest', `The request has more than ${MOST_PARAMETERS} parameters.`);
  return pairs
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });
}

function decoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch (error) {
    if (error instanceof URIError) throw new Ec2Error('InvalidRequest', 'The request is not encoded as a form.');
    throw error;
  }
}

/** Refuses values with characters that no answer could hold: what reads back otherwise than it was given cannot be asked for again. */
export function checkCharacters(pairs: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of pairs)
    if (!/^[ -~]*$/.test(value) && hasNoXml(value))
      throw new Ec2Error('InvalidCharacter', `A specified character is invalid: in the parameter ${name}.`);
}

/** The tree of named parameters. */
export function parameterTree(pairs: readonly (readonly [name: string, value: string])[]): Parameters {
  const top: Parameters = new Map();
  for (const [name, value] of pairs) {
    const parts = name.split('.', MOST_PARTS + 1);
    if (parts.length > MOST_PARTS) throw unknownParameter(name);
    let level = top;
    for (const part of parts.slice(0, -1)) {
      let next = level.get(part);
      if (typeof next === 'string') throw mixed(name);
      if (next === undefined) level.set(part, (next = new Map()));
      level = next;
    }
    const last = parts.at(-1) ?? '';
    if (typeof level.get(last) === 'object') throw mixed(name);
    level.set(last, value);
  }
  return top;
}

/** A parameter that the operation does not have. */
export function unknownParameter(name: string): Ec2Error {
  return new Ec2Error('UnknownParameter', `The parameter ${name} is not recognized`);
}

const mixed = (name: string): Ec2Error =>
  new Ec2Error('InvalidParameterValue', `The parameter ${name} is given both with a value and with parts.`);
