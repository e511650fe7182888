/**
 * A log format as the server sees it, while it is being typed.
 *
 * In:    the text. Out: the answer to the newest text, and the preview before it where that has a problem.
 * Holds: one asks when nothing was typed for a moment; an older answer never comes after a newer one.
 */
import { useEffect, useState } from 'react';
import type { FormatAnswer, FormatPreview, FormatQuestion } from '../../../../src/api/formats.ts';
import { call } from '../../api-client.ts';

const QUIET_MILLIS = 250;

export type SeenFormat = {
  /** Null: not known yet. */
  readonly answer: FormatAnswer | null;
  /** Whether `answer` is about the text as it is. */
  readonly isCurrent: boolean;
  readonly preview: FormatPreview | null;
};

export function useFormat(text: string): SeenFormat {
  const [seen, setSeen] = useState<{ readonly text: string; readonly answer: FormatAnswer } | null>(null);
  const [preview, setPreview] = useState<FormatPreview | null>(null);
  useEffect(() => {
    const over = new AbortController();
    const timer = setTimeout(() => {
      call<FormatAnswer>('POST', '/api/format', { format: text } satisfies FormatQuestion, over.signal).then(
        (answer) => {
          setSeen({ text, answer });
          if (answer.preview !== null) setPreview(answer.preview);
        },
        (error: unknown) => {
          if (over.signal.aborted) return;
          const message = error instanceof Error ? error.message : String(error);
          setSeen({ text, answer: { problem: { code: 'NoAnswer', message }, preview: null } });
        },
      );
    }, QUIET_MILLIS);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [text]);
  return { answer: seen?.answer ?? null, isCurrent: seen?.text === text, preview };
}
