/**
 * The troubles of a destination that is reached over HTTP: a proxy before its server makes them.
 *
 * In:    the proxy, and how the service words its refusals. Out: the troubles of the suite.
 */
import type { ErrorCode } from '../../../src/model/errors.ts';
import type { Fault, Proxy, Seen } from '../../servers/proxy.ts';
import type { Subject, TROUBLES } from './suite.ts';

/** How a service says no. */
export type Words = {
  /** Whether a request stores something. */
  readonly isWrite: (seen: Seen) => boolean;
  readonly answer: (status: number, code: string) => Fault;
  readonly denied: readonly [number, string, ErrorCode];
  readonly throttled: readonly [number, string, ErrorCode];
  readonly expired: readonly [number, string, ErrorCode];
  readonly full: readonly [number, string, ErrorCode];
  /** Which write of a segment meets it, from 1: a later one where a segment takes several. */
  readonly nth: number;
  /** Whoever asks; `renew` logs in again with another key. Null: the server knows one key only. */
  readonly user: { readonly accessKeyId: string; readonly renew: (() => void) | null };
};

/** The troubles. */
export function httpTroubles(proxy: Proxy, words: Words): Subject['troubles'] {
  /** From the `nth` write on, until it is ended. */
  const onWrites =
    (fault: Fault, nth = words.nth) =>
    () => {
      let writes = 0;
      proxy.fault = (seen) => (words.isWrite(seen) && ++writes >= nth ? fault : null);
      return Promise.resolve(() => {
        proxy.fault = () => null;
      });
    };
  const said = ([status, code, ours]: readonly [number, string, ErrorCode], nth?: number) => ({
    make: onWrites(words.answer(status, code), nth),
    codes: [ours],
  });
  /** The key is refused for ever; whoever logs in again has another one. */
  const expired = () => {
    const { accessKeyId, renew } = words.user;
    const [status, code] = words.expired;
    const answer = words.answer(status, code);
    proxy.fault = ({ headers }) => (String(headers.authorization).includes(`=${accessKeyId}/`) ? answer : null);
    return Promise.resolve(() => {
      if (renew === null) proxy.fault = () => null;
      else renew();
    });
  };
  const unreachable = ['FG_AWS_UNREACHABLE'] as const;
  const troubles: Record<(typeof TROUBLES)[number], Subject['troubles'][string]> = {
    'a write is refused': said(words.denied),
    'a write is slow': { make: onWrites('silent'), codes: unreachable },
    'a write breaks off half-way': { make: onWrites('half'), codes: unreachable },
    'its answer is lost': { make: onWrites('lost'), codes: unreachable },
    'it is throttled': said(words.throttled),
    'the credentials expire': { make: expired, codes: [words.expired[2]] },
    'its disk is full': said(words.full),
    'it is gone': {
      make: () => {
        proxy.fault = () => 'reset';
        return Promise.resolve(() => {
          proxy.fault = () => null;
        });
      },
      codes: unreachable,
    },
  };
  return troubles;
}
