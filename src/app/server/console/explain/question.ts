/**
 * What the process that explains is asked, and what it says.
 *
 * In:    nothing. Out: types of messages between two processes.
 * Holds: an answer crosses as JSON text, so that the server passes it on and makes nothing of it.
 */
import type {
  AskedRange,
  DiagnoseRequest,
  ExplainProgress,
  NoRecordRequest,
  RejectsRequest,
  ReplayRequest,
  RuleHitsRequest,
  SuggestRequest,
} from '../../../../api/explain-routes.ts';
import type { TopologyAsked } from '../../../../explain/topology/topology.ts';
import type { PeriodOptions } from '../../../../lake/keep/periods.ts';
import type { PostedError } from '../../../collector/posted-error.ts';

/** A question; `range` is of its records. */
export type ExplainQuestion =
  /** `at`: seconds since 1970; null the newest. */
  | { readonly kind: 'network'; readonly at: number | null }
  | ({ readonly kind: 'topology'; readonly range: AskedRange; readonly filter: string } & Pick<
      TopologyAsked,
      'scope' | 'grouping' | 'focus' | 'measure'
    >)
  | ({ readonly kind: 'storage' } & Pick<PeriodOptions, 'by' | 'settleSeconds'>)
  /** `by`: the field that owners are told apart by. */
  | { readonly kind: 'cost'; readonly range: AskedRange; readonly by: string }
  | { readonly kind: 'rejects'; readonly range: AskedRange; readonly request: RejectsRequest }
  | { readonly kind: 'diagnose'; readonly range: AskedRange; readonly request: DiagnoseRequest }
  | { readonly kind: 'replay'; readonly range: AskedRange; readonly request: ReplayRequest }
  | { readonly kind: 'suggest'; readonly range: AskedRange; readonly request: SuggestRequest }
  | { readonly kind: 'rule-hits'; readonly range: AskedRange; readonly request: RuleHitsRequest }
  | { readonly kind: 'why-no-record'; readonly range: AskedRange; readonly request: NoRecordRequest };

/** A question about a data directory. */
export type ExplainWork = {
  readonly question: ExplainQuestion;
  /** Where its records and its network are. */
  readonly data: string;
  /** As `ConsoleContext` has it. */
  readonly cacheBytes: number;
  readonly nowSeconds: number;
};

export type ToExplainer =
  | ({ readonly kind: 'ask'; readonly id: number } & ExplainWork)
  /** Whoever asked has gone. */
  | { readonly kind: 'cancel'; readonly id: number };

export type FromExplainer =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: ExplainProgress }
  | { readonly kind: 'answer'; readonly id: number; readonly json: string }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PostedError };
