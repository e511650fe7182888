/**
 * The screen *SQL*: saved queries and SQL of one's own over the records of the time range.
 *
 * Holds: the address has what was run last, so that a link asks the same; what is typed is in it when it is run.
 */
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { SqlExportRequest, SqlExportTicket, SqlForm, SqlRequest, SqlWords } from '../../../../src/api/sql.ts';
import { call } from '../../api-client.ts';
import { useFlash } from '../../flash.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Screen } from '../../parts/screen.tsx';
import { textParameter, wordParameter } from '../../url-parameters.ts';
import { useTimeQuery, useUrlState } from '../../url-state.ts';
import { useCall } from '../../use-call.ts';
import { AnswerView } from './answer.tsx';
import { QuestionForm } from './question.tsx';
import type { Question } from './question.tsx';
import './sql.css';
import { useSql } from './use-sql.ts';

const PARAMETERS = {
  sql: textParameter(),
  saved: textParameter(),
  /** As a query of a URL has them, `limit=5&port=22`. */
  with: textParameter(),
  show: wordParameter(['table', 'chart'], 'table'),
  across: textParameter(),
  up: textParameter(),
};

/** What the address asks. */
type Asked = { readonly sql: string; readonly saved: string; readonly with: string };

const requestOf = ({ sql, saved, with: given }: Asked): SqlRequest => ({
  sql: saved === '' ? sql : null,
  saved: saved === '' ? null : saved,
  parameters: Object.fromEntries(new URLSearchParams(given)),
});

export default function SqlScreen(): ReactNode {
  const [url, change] = useUrlState(PARAMETERS);
  const timeQuery = useTimeQuery();
  const words = useCall<SqlWords>('/api/sql/words');
  const [typed, setTyped] = useState<Question | null>(null);
  const { state, answer, run, cancel } = useSql();
  const flash = useFlash();
  const asked = useRef('');

  const found = words.last?.saved.find(({ name }) => name === url.saved) ?? null;
  const fromUrl: Question = { sql: url.sql, saved: found, parameters: requestOf(url).parameters };
  const question = typed ?? fromUrl;

  // What the address asks is asked when it changes, and with another time range.
  const { sql, saved, with: given } = url;
  useEffect(() => {
    setTyped(null);
    const name = JSON.stringify([sql, saved, given, timeQuery]);
    if ((sql === '' && saved === '') || asked.current === name) return;
    asked.current = name;
    run(requestOf({ sql, saved, with: given }), timeQuery);
  }, [sql, saved, given, timeQuery, run]);

  const ask = useCallback(() => {
    const name = question.saved?.name ?? '';
    const parameters = Object.entries(question.parameters).filter(([, text]) => text !== '');
    const next: Asked = {
      sql: name === '' ? question.sql : '',
      saved: name,
      with: new URLSearchParams(parameters).toString(),
    };
    if (next.sql.trim() === '' && name === '') return;
    // The same again is asked again, though the address stays.
    asked.current = JSON.stringify([next.sql, next.saved, next.with, timeQuery]);
    run(requestOf(next), timeQuery);
    change(next);
  }, [question, run, change, timeQuery]);

  const exportAs = (form: SqlForm): void => {
    const request: SqlExportRequest = { ...requestOf(url), form };
    call<SqlExportTicket>('POST', `/api/sql/exports?${timeQuery}`, request).then(
      ({ id }) => download(`/api/sql/exports/${encodeURIComponent(id)}`),
      (error: unknown) => flash({ type: 'error', text: error instanceof Error ? error.message : String(error) }),
    );
  };

  return (
    <Screen title="SQL" description="Ask the records of the time range a question of your own, or a saved one.">
      <SpaceBetween size="l">
        {words.state === 'failed' && <Failure error={words.error} again={words.reload} />}
        <QuestionForm
          question={question}
          words={words.last}
          running={state === 'running'}
          change={setTyped}
          run={ask}
          cancel={cancel}
        />
        <AnswerView
          state={state}
          answer={answer}
          limits={words.last?.limits ?? null}
          shown={url.show}
          choice={{ across: url.across, up: url.up }}
          onShow={(show) => change({ show }, { replace: true })}
          onChoose={(choice) => change(choice, { replace: true })}
          exportAs={exportAs}
          again={ask}
        />
      </SpaceBetween>
    </Screen>
  );
}

/** The browser writes it to the disk as it comes. */
function download(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
