/**
 * An answer that takes a while as a screen's state, with how far it has come.
 *
 * In:    a path of the routes that explain, and a body; null: nothing is to be asked. Out: loading with progress, ready, or failed.
 * Holds: another question cancels the one before; so does leaving the screen. The answer before stays in `last` meanwhile.
 */
import { useCallback, useEffect, useState } from 'react';
import type { ExplainLine, ExplainProgress } from '../../../src/api/explain-routes.ts';
import { CallFailed, callStream } from '../api-client.ts';

export type Explained<T> = { readonly last: T | null; readonly reload: () => void } & (
  | { readonly state: 'idle' }
  | { readonly state: 'loading'; readonly progress: ExplainProgress | null }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: CallFailed }
);

type Kept<T> = {
  readonly asked: string | null;
  readonly value: T | null;
  readonly error: CallFailed | null;
};

/** @param path  with its query, without `progress`; @param body  given: it is asked with POST */
export function useExplained<T>(path: string | null, body?: unknown): Explained<T> {
  const [round, setRound] = useState(0);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const asked = path === null ? null : `${round} ${path} ${text ?? ''}`;
  const [kept, setKept] = useState<Kept<T>>({ asked: null, value: null, error: null });
  const [progress, setProgress] = useState<ExplainProgress | null>(null);
  useEffect(() => {
    if (path === null) return;
    const over = new AbortController();
    setProgress(null);
    askWithProgress<T>(path, text, setProgress, over.signal).then(
      (value) => {
        if (!over.signal.aborted) setKept({ asked, value, error: null });
      },
      (error: unknown) => {
        if (over.signal.aborted) return;
        const failed = error instanceof CallFailed ? error : new CallFailed(0, 'Error', String(error));
        setKept(({ value }) => ({ asked, value, error: failed }));
      },
    );
    return () => over.abort();
  }, [asked, path, text]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const { value: last } = kept;
  if (asked === null) return { state: 'idle', last, reload };
  if (kept.asked !== asked) return { state: 'loading', progress, last, reload };
  if (kept.error !== null) return { state: 'failed', error: kept.error, last, reload };
  return { state: 'ready', value: kept.value as T, last, reload };
}

/** Asks, and tells progress as it comes. */
async function askWithProgress<T>(
  path: string,
  body: string | undefined,
  onProgress: (progress: ExplainProgress) => void,
  signal: AbortSignal,
): Promise<T> {
  const method = body === undefined ? 'GET' : 'POST';
  const sent: unknown = body === undefined ? undefined : JSON.parse(body);
  const stream = await callStream(method, `${path}${path.includes('?') ? '&' : '?'}progress=1`, sent, signal);
  for await (const line of linesOf(stream)) {
    const told = JSON.parse(line) as ExplainLine<T>;
    if ('answer' in told) return told.answer;
    if ('error' in told) throw new CallFailed(200, told.error.code, told.error.message);
    onProgress(told.progress);
  }
  throw new CallFailed(0, 'NoAnswer', 'The answer ended before it was whole. Ask again.');
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  const pieces: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const [first = '', ...others] = value.split('\n');
      pieces.push(first);
      for (const next of others) {
        const line = pieces.splice(0).join('');
        if (line !== '') yield line;
        pieces.push(next);
      }
    }
    const line = pieces.join('');
    if (line !== '') yield line;
  } finally {
    // The rest is not wanted; of one that was aborted there is none.
    await reader.cancel().catch(() => null);
  }
}
