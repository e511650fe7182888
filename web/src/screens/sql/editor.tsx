/**
 * The editor of SQL.
 *
 * In:    a text, what it offers. Out: the text as it is changed; Ctrl+Enter (⌘+Enter) runs it.
 * Holds: it lives in a shadow root: there CodeMirror's styles are sheets made by script, which the page's policy allows, and not
 *        `<style>` elements, which it does not. Tab moves on to the next control. Colours are Cloudscape's, light and dark.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, SQLDialect, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { SqlWords } from '../../../../src/api/sql.ts';
import { SQL_FUNCTIONS } from './functions.ts';

const DIALECT = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords} qualify pivot unpivot summarize describe exclude asof positional`,
});

/** Cloudscape's tokens reach into the shadow root; what follows each is its light value, where it is not there. */
const THEME = EditorView.theme({
  '&': {
    color: 'var(--sql-text)',
    backgroundColor: 'var(--sql-ground)',
    fontSize: '14px',
    border: '1px solid var(--sql-border)',
    borderRadius: '8px',
  },
  '&.cm-focused': { outline: '2px solid var(--sql-focus)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: "Monaco, Menlo, Consolas, 'Courier Prime', Courier, monospace", maxHeight: '18em' },
  '.cm-content': { caretColor: 'var(--sql-text)', minHeight: '7em', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--sql-text)' },
  '.cm-gutters': {
    color: 'var(--sql-quiet)',
    backgroundColor: 'transparent',
    border: 'none',
    paddingInlineStart: '6px',
  },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--sql-selected) !important',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--sql-selected)' },
  '.cm-placeholder': { color: 'var(--sql-quiet)' },
  '.cm-tooltip': {
    color: 'var(--sql-text)',
    backgroundColor: 'var(--sql-ground)',
    border: '1px solid var(--sql-border)',
    borderRadius: '8px',
  },
  '.cm-tooltip-autocomplete ul li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { color: 'var(--sql-text)', backgroundColor: 'var(--sql-selected)' },
  '.cm-completionDetail': { color: 'inherit', fontStyle: 'normal', marginInlineStart: '1em' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', maxWidth: '24em' },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--sql-keyword)', fontWeight: '700' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sql-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sql-number)' },
  { tag: tags.comment, color: 'var(--sql-quiet)' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--sql-type)' },
]);

/** What is offered besides keywords: columns, functions, the table. */
function offer(words: SqlWords | null): (context: CompletionContext) => CompletionResult | null {
  const options: Completion[] = [
    { label: 'flow_logs', type: 'class', detail: 'table', info: 'All records in the time range', boost: 3 },
    ...(words?.columns ?? []).map(({ name, type, meaning }): Completion => ({
      label: name === 'end' ? '"end"' : name,
      type: 'property',
      detail: type,
      info: meaning,
      boost: 2,
    })),
    ...(words?.functions ?? []).map(({ call, gives }): Completion => ({
      label: call.slice(0, call.indexOf('(')),
      apply: `${call.slice(0, call.indexOf('('))}(`,
      type: 'function',
      detail: call.slice(call.indexOf('(')),
      info: gives,
      boost: 1,
    })),
    ...SQL_FUNCTIONS.map((name): Completion => ({ label: name, apply: `${name}(`, type: 'function' })),
  ];
  return (context) => {
    const word = context.matchBefore(/[\w"]+/);
    if (word === null && !context.explicit) return null;
    return { from: word?.from ?? context.pos, options, validFor: /^[\w"]*$/ };
  };
}

export type EditorProps = {
  readonly value: string;
  readonly words: SqlWords | null;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
};

export function Editor(props: EditorProps): ReactNode {
  const { value, words } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const offered = useRef(new Compartment());

  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' });
    const state = EditorState.create({
      doc: latest.current.value,
      extensions: [
        Prec.highest(
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                latest.current.onRun();
                return true;
              },
            },
          ]),
        ),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ icons: false }),
        sql({ dialect: DIALECT }),
        syntaxHighlighting(COLOURS),
        THEME,
        EditorView.lineWrapping,
        placeholder('SELECT srcaddr, sum(bytes) AS bytes FROM flow_logs GROUP BY srcaddr ORDER BY bytes DESC'),
        EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false', autocapitalize: 'off' }),
        offered.current.of([]),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    const made = new EditorView({ state, root, parent: root });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const effects = offered.current.reconfigure(DIALECT.language.data.of({ autocomplete: offer(words) }));
    view.current?.dispatch({ effects });
  }, [words]);

  useEffect(() => {
    const now = view.current;
    if (now === null || now.state.doc.toString() === value) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={host} className="sql-editor" />;
}
