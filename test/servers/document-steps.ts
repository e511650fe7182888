/**
 * Calls by aws-cli one after the other, and the whole documents that they must print.
 *
 * In:    steps: a call, and what it prints or how it is refused. Out: nothing; fails at the first that differs.
 * Holds: documents are compared whole. What no schema can say in advance stands in `<…>`: `<vpc-a>` is an id of that prefix, the same
 *        one wherever the name is, and another than that of every other name; `<net6-a>` an IPv6 block, `<net6-a/64>` its first part;
 *        `<time>` is the time of the API, `<time+604800>` so many seconds later; `<token>` a UUID, `<mac…>` and `<ip…>` addresses.
 *        Members that this version of aws-cli does not know are left out of what is expected by its own model, and no others.
 *        Each write that has `DryRun` is called with it first: that is refused as a success, and nothing is changed.
 */
import assert from 'node:assert/strict';
import { ACTIONS } from '../../src/control/ec2/actions/list.ts';
import { operationShapes, membersOf } from '../../src/control/ec2/shapes.ts';
import type { Pretended } from '../../src/control/ec2/ec2.fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT } from '../../src/control/ec2/ec2.fixture.ts';
import type { Driver } from './aws-cli-driver.ts';

/** A call, and the document, nothing (null), a text (where text is asked for), or how it is refused. */
export type Step = readonly [call: string, printed: Refused | object | string | null];

/** How a call is refused. */
export class Refused {
  readonly code: string;
  readonly words: string;
  constructor(code: string, words: string) {
    this.code = code;
    this.words = words;
  }
}
export const refused = (code: string, words: string): Refused => new Refused(code, words);

const NAME = /^<([a-z\d-]+)>$/;
const NAMES = /<([a-z\d-]+)(\/64)?>/g;
const FORMS: readonly (readonly [prefix: string, form: RegExp])[] = [
  ['net6-', /^fd[\da-f]{2}:[\da-f:]+::\/56$/],
  ['ip6', /^fd[\da-f:]+$/],
  ['ip', /^\d{1,3}(?:\.\d{1,3}){3}$/],
  ['mac', /^0a(?::[\da-f]{2}){5}$/],
  ['token', /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/],
];

/** What names stand for. */
export class Names {
  readonly #known = new Map<string, string>();

  /** A text with what its names stand for. */
  filled(text: string): string {
    return text.replaceAll(NAMES, (whole, name: string, part: string | undefined) => {
      const value = this.#known.get(name);
      if (value === undefined) return whole;
      return part === undefined ? value : value.replace('/56', part);
    });
  }

  /** Takes what stands in the place of a name that nothing is known of. */
  learn(expected: unknown, printed: unknown): void {
    if (typeof expected === 'string' && typeof printed === 'string') {
      const name = NAME.exec(expected)?.[1];
      if (name === undefined || this.#known.has(name) || [...this.#known.values()].includes(printed)) return;
      const form = FORMS.find(([prefix]) => name.startsWith(prefix))?.[1];
      // An id: the name up to its last part, and hex digits.
      const id = new RegExp(`^${name.slice(0, name.lastIndexOf('-') + 1)}[\\da-f]{17}$`);
      if ((form ?? id).test(printed)) this.#known.set(name, printed);
    } else if (typeof expected === 'object' && expected !== null && typeof printed === 'object' && printed !== null)
      for (const [key, value] of Object.entries(expected))
        this.learn(value, (printed as Readonly<Record<string, unknown>>)[key]);
  }

  /** A document with what its names stand for. */
  fill(expected: unknown): unknown {
    if (typeof expected === 'string') return this.filled(expected);
    if (Array.isArray(expected)) return expected.map((one) => this.fill(one));
    if (typeof expected !== 'object' || expected === null) return expected;
    return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, this.fill(value)]));
  }
}

/** Words of a line, of which some are in quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** `create-vpc` → `CreateVpc`. */
export function operationOf(verb: string): string {
  return verb.replaceAll(/(?:^|-)([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

/** Times in the one form that both versions of aws-cli are brought to. */
function withTimes(printed: unknown, now: Date): unknown {
  if (Array.isArray(printed)) return printed.map((one) => withTimes(one, now));
  if (typeof printed === 'object' && printed !== null)
    return Object.fromEntries(Object.entries(printed).map(([name, value]) => [name, withTimes(value, now)]));
  if (typeof printed !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)$/.test(printed)) return printed;
  const seconds = (Date.parse(printed) - now.getTime()) / 1000;
  return seconds === 0 ? '<time>' : `<time+${seconds}>`;
}

const parsed = (out: string): unknown => (out.trim() === '' ? null : JSON.parse(out));
/** Version 1 ends with 255 where 2 ends with 254. */
const isRefusal = (code: number): boolean => code === 254 || code === 255;
const told = (err: string): string => err.trim().replace(/^aws: \[ERROR\]: /, '');
const facts = (ec2: Pretended): unknown => [ec2.current(ACCOUNT), ec2.current(OTHER_ACCOUNT)];

const WRITES = new Set(ACTIONS.filter(({ access }) => access === 'write').map(({ name }) => name));
const canBeDry = (operation: string): boolean =>
  WRITES.has(operation) && membersOf(operationShapes(operation).request).some(({ name }) => name === 'DryRun');

/** Makes the calls of some steps. */
export async function runSteps(ec2: Pretended, driver: Driver, names: Names, steps: readonly Step[]): Promise<void> {
  for (const [line, expected] of steps) {
    const call = names.filled(line);
    const words = wordsOf(call);
    const operation = operationOf(words[0] ?? '');
    if (expected instanceof Refused) {
      const { code, out, err } = await driver.call(ec2, words);
      const refusal = `An error occurred (${expected.code}) when calling the ${operation} operation: ${names.filled(expected.words)}`;
      assert.deepEqual([told(err), out, isRefusal(code)], [refusal, '', true], call);
      continue;
    }
    if (canBeDry(operation)) await tryDry(ec2, driver, words);
    const { code, out, err } = await driver.call(ec2, words);
    assert.deepEqual([code, err], [0, ''], call);
    const printed = words.includes('text') ? out.trimEnd() : withTimes(parsed(out), ec2.clock.now);
    // What a query cut out is no document of the operation.
    const isWhole = typeof expected === 'object' && expected !== null && !words.includes('--query');
    const whole = isWhole ? await driver.known(operation, expected) : expected;
    names.learn(whole, printed);
    assert.deepEqual(printed, names.fill(whole), call);
  }
}

/** A dry run is told that it would have succeeded, and nothing is other than before. */
async function tryDry(ec2: Pretended, driver: Driver, words: readonly string[]): Promise<void> {
  const before = facts(ec2);
  const { code, out, err } = await driver.call(ec2, [...words, '--dry-run']);
  const operation = operationOf(words[0] ?? '');
  const refusal = `An error occurred (DryRunOperation) when calling the ${operation} operation: Request would have succeeded, but DryRun flag is set.`;
  assert.deepEqual([told(err), out, isRefusal(code)], [refusal, '', true], words.join(' '));
  assert.deepEqual(facts(ec2), before, `nothing is changed by a dry run: ${words.join(' ')}`);
}
