/**
 * The shapes of the answers that `import aws` reads.
 *
 * In:    a service and an operation or shape of it. Out: the shape of its answer; the members of a shape.
 * Holds: those of EC2 are the ones that the control API answers with.
 */
import { membersOf, operationShapes, readShape } from '../ec2/shapes.ts';
import type { Member } from '../ec2/shapes.ts';
import { ANSWERS, SHAPES } from './shapes.generated.ts';

/** The shape of an operation's answer; '' where it has none. */
export function answerShape(service: string, action: string): string {
  return service === 'ec2' ? operationShapes(action).answer : (ANSWERS[`${service}.${action}`] ?? '');
}

const known = new Map<string, readonly Member[]>();

/** The members of a shape. */
export function membersIn(service: string, shape: string): readonly Member[] {
  if (service === 'ec2') return membersOf(shape);
  const key = `${service}.${shape}`;
  const members = known.get(key) ?? readShape(SHAPES[key] ?? '');
  known.set(key, members);
  return members;
}
