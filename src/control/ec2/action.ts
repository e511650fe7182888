/**
 * What an action is: the contract of every file in `actions/`.
 *
 * In:    a request whose parameters were read by its shape; who asks; what is known. Out: the members of its answer.
 * Holds: the caller was authenticated, and may do it. What must be given is given (`MissingParameter` otherwise), nothing
 *        is given that the operation does not know, and numbers, booleans and times are such; whether a value is one of
 *        those allowed, is the action's to check. `run` of a write is one transaction: an error that it throws leaves
 *        everything as it was, a dry run too. `run` never waits; what must be asked elsewhere is asked in `prepare`, and
 *        what `prepare` saw may have changed until `run`.
 * Fails: with `Ec2Error`.
 */
import type { DeliveryProblem } from '../../publish/destination.ts';
import type { Input, Items, Kind, Plain } from './items.ts';

/** A member of an item, or of a structure in it: `Attachment.InstanceId`. */
export type Member<T> =
  | (keyof T & string)
  | { [M in keyof T & string]-?: MemberOf<M, NonNullable<T[M]>> }[keyof T & string];
type MemberOf<M extends string, V> = V extends readonly unknown[]
  ? never
  : V extends object
    ? `${M}.${keyof V & string}`
    : never;

/** What is known of one account and region. */
export type Resources = {
  readonly get: <K extends Kind>(kind: K, id: string) => Items[K] | undefined;
  /** All of a kind, ascending by id. */
  readonly list: <K extends Kind>(kind: K) => readonly Items[K][];
  /** Those whose member has that value, found by an index. */
  readonly where: <K extends Kind>(kind: K, member: Member<Items[K]>, value: string) => readonly Items[K][];
  /** How many those are. */
  readonly count: <K extends Kind>(kind: K, member: Member<Items[K]>, value: string) => number;
};

/** The same, and changing it. Items are whole: `put` replaces one of the same id, which keeps its place in lists. */
export type Change = Resources & {
  readonly put: <K extends Kind>(kind: K, item: Items[K]) => void;
  readonly remove: (kind: Kind, id: string) => void;
};

/** Something that was found, and whose it is. */
export type Found<K extends Kind> = { readonly account: string; readonly region: string; readonly item: Items[K] };

/** What every action knows. */
export type Context<R extends Resources = Resources> = {
  readonly account: string;
  readonly region: string;
  /** Access key id of who asks. */
  readonly principal: string;
  readonly requestId: string;
  /** The time of the request: what is made now was made then. */
  readonly now: Date;
  /** Of the caller's account and region. */
  readonly resources: R;
  /** Of another account and region: the far side of a peering connection. */
  readonly elsewhere: (account: string, region: string) => R;
  /** Whoever has it, in whatever region. */
  readonly find: <K extends Kind>(kind: K, id: string) => Found<K> | undefined;
  /** Whether an account's facts are made here; others are imported, and only read. */
  readonly isOwn: (account: string) => boolean;
  /** A new id: `newId('vpc-')` is `vpc-` and 17 hex digits that no other has. */
  readonly newId: (prefix: string) => string;
  readonly surroundings: Surroundings;
};
export type WriteContext = Context<Change>;

/** What lies outside the state: given when the API is made. */
export type Surroundings = {
  /** Whether a flow log's records could be delivered; null is well. Never throws. */
  readonly checkDestination: (
    flowLog: Items['FlowLogs'],
    region: string,
    signal: AbortSignal,
  ) => Promise<DeliveryProblem | null>;
  /** Why the records of a flow log do not arrive now; null where they do, or there were none yet. */
  readonly deliveryError: (flowLogId: string) => 'Rate limited' | 'Access error' | 'Unknown error' | null;
  /** Flow logs that a resource may have. */
  readonly flowLogsPerResource: number;
};

/** An action as the dispatcher sees it. */
export type Action = {
  readonly name: string;
  readonly service: 'ec2' | 'sts';
  readonly access: 'read' | 'write';
  readonly prepare: (input: object, context: Context) => Promise<unknown>;
  readonly run: (input: object, context: WriteContext, prepared: unknown) => object;
};

/** An action that changes nothing. */
export function readAction<I extends object, O extends object>(of: {
  readonly name: string;
  readonly service?: 'sts';
  readonly run: (input: Input<I>, context: Context) => Plain<O>;
}): Action {
  return {
    name: of.name,
    service: of.service ?? 'ec2',
    access: 'read',
    prepare: () => Promise.resolve(undefined),
    run: (input, context) => of.run(input as Input<I>, context) as object,
  };
}

/** An action that changes something. */
export function writeAction<I extends object, O extends object, P = undefined>(of: {
  readonly name: string;
  readonly prepare?: (input: Input<I>, context: Context) => Promise<P>;
  readonly run: (input: Input<I>, context: WriteContext, prepared: P) => Plain<O>;
}): Action {
  return {
    name: of.name,
    service: 'ec2',
    access: 'write',
    prepare: (input, context) => of.prepare?.(input as Input<I>, context) ?? Promise.resolve(undefined),
    run: (input, context, prepared) => of.run(input as Input<I>, context, prepared as P) as object,
  };
}
