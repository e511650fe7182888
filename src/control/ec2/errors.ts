/**
 * Errors as EC2 answers them.
 *
 * In:    the facts of what is wrong. Out: an `Ec2Error` with AWS's code and words.
 * Holds: codes and words are AWS's where they are known; the docs mark the others. What belongs to one theme has its
 *        own file beside this one (`flow-log-errors.ts`, …).
 */

/** An answer that is an error: AWS's code, its words, the HTTP status. */
export class Ec2Error extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'Ec2Error';
    this.code = code;
    this.status = status;
  }
}

/** A parameter that must be given is not. */
export const missingParameter = (name: string): Ec2Error =>
  new Ec2Error('MissingParameter', `The request must contain the parameter ${name}`);

/** A parameter's value is none that it may have. */
export const invalidParameterValue = (name: string, value: string, wanted: string): Ec2Error =>
  new Ec2Error('InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid. ${wanted}`);

/** Parameters that do not go together. */
export const invalidCombination = (words: string): Ec2Error => new Ec2Error('InvalidParameterCombination', words);

/** A write by a key that may only read. */
export const unauthorized = (): Ec2Error =>
  new Ec2Error('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);

/** What would have been done is not, as asked. */
export class DryRunSucceeded extends Ec2Error {
  /** What would have been answered. */
  readonly answer: object;
  constructor(answer: object) {
    super('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    this.answer = answer;
  }
}

/** One of a few words; `undefined` where it is not given. */
export function oneOf<const W extends string>(
  name: string,
  value: string | undefined,
  words: readonly W[],
): W | undefined {
  if (value === undefined) return undefined;
  const found = words.find((word) => word === value);
  if (found === undefined) throw invalidParameterValue(name, value, `Valid values are: ${words.join(', ')}.`);
  return found;
}
