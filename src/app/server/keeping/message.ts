/**
 * What the process that keeps the lake is asked, and what it says.
 *
 * In:    nothing. Out: types of messages between two processes.
 */
import type { KeepingProgress } from '../../../api/storage.ts';
import type { Tended, TendSettings } from '../../../lake/keep/tend.ts';
import type { S3Access } from '../../../storage/object/stores/s3-connection.ts';
import type { PostedError } from '../../collector/posted-error.ts';

export type ToKeeper =
  | ({
      readonly kind: 'tend';
      readonly place: string;
      readonly access: S3Access;
      readonly nowSeconds: number;
    } & TendSettings)
  /** The server ends: what was entered stays, the rest goes. */
  | { readonly kind: 'stop' };

export type FromKeeper =
  | { readonly kind: 'progress'; readonly progress: KeepingProgress }
  | { readonly kind: 'tended'; readonly tended: Tended }
  /** It was told to stop, and did. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: PostedError };
