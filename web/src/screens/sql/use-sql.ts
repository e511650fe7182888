/**
 * Asking SQL, and following its answer.
 *
 * In:    a question. Out: the answer as it grows; running or not.
 * Holds: another question, `cancel` and leaving the screen end the one before, on the server too. The screen is told of rows at
 *        most ten times a second, however many come.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SqlRequest } from '../../../../src/api/sql.ts';
import { CallFailed, callStream } from '../../api-client.ts';
import type { SqlAnswer } from './sql-answer.ts';
import { createLineCutter, NO_ANSWER, whenOver, withLines } from './sql-answer.ts';

export type SqlState = 'idle' | 'running' | 'done' | 'cancelled';

export type Sql = {
  readonly state: SqlState;
  readonly answer: SqlAnswer;
  readonly run: (request: SqlRequest, timeQuery: string) => void;
  readonly cancel: () => void;
};

const TELL_MILLIS = 100;

export function useSql(): Sql {
  const [state, setState] = useState<SqlState>('idle');
  const [answer, setAnswer] = useState(NO_ANSWER);
  const over = useRef<AbortController | null>(null);
  useEffect(() => () => over.current?.abort(), []);

  const run = useCallback((request: SqlRequest, timeQuery: string) => {
    over.current?.abort();
    const stop = new AbortController();
    over.current = stop;
    setState('running');
    setAnswer(NO_ANSWER);
    follow(request, timeQuery, stop.signal, setAnswer).then(
      () => !stop.signal.aborted && setState('done'),
      () => {},
    );
  }, []);
  const cancel = useCallback(() => {
    over.current?.abort();
    setState('cancelled');
  }, []);
  return { state, answer, run, cancel };
}

async function follow(
  request: SqlRequest,
  timeQuery: string,
  signal: AbortSignal,
  tell: (answer: SqlAnswer) => void,
): Promise<void> {
  let answer = NO_ANSWER;
  const cut = createLineCutter();
  let told = 0;
  try {
    const stream = await callStream('POST', `/api/sql?${timeQuery}`, request, signal);
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      answer = withLines(answer, cut(next.value));
      if (performance.now() - told < TELL_MILLIS) continue;
      told = performance.now();
      tell(answer);
    }
    answer = whenOver(answer);
  } catch (error) {
    if (signal.aborted) return;
    const { code, message } = error instanceof CallFailed ? error : { code: '', message: '' };
    answer = code === '' ? whenOver(answer) : { ...answer, failure: { code, message } };
  }
  if (!signal.aborted) tell(answer);
}
