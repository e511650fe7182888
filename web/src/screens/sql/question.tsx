/**
 * The question of the screen SQL: a saved query with its form, or SQL of one's own.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { SavedWord, SqlWords } from '../../../../src/api/sql.ts';
import { Editor } from './editor.tsx';
import { parametersIn } from './sql-answer.ts';

export type Question = {
  readonly sql: string;
  /** Null: SQL of one's own. */
  readonly saved: SavedWord | null;
  readonly parameters: Readonly<Record<string, string>>;
};

/** Stands for SQL of one's own in the list. */
const OWN = { value: '', label: 'SQL of your own', description: 'One SELECT over flow_logs' };

export function QuestionForm({
  question,
  words,
  running,
  change,
  run,
  cancel,
}: {
  readonly question: Question;
  readonly words: SqlWords | null;
  readonly running: boolean;
  readonly change: (question: Question) => void;
  readonly run: () => void;
  readonly cancel: () => void;
}): ReactNode {
  const { sql, saved, parameters } = question;
  const wanted =
    saved === null ? parametersIn(sql).map((name) => ({ name, type: '', meaning: '', default: '' })) : saved.parameters;
  const isEmpty = saved === null && sql.trim() === '';
  const options = (words?.saved ?? []).map(({ name, meaning, awsName }) => ({
    value: name,
    label: name,
    description: meaning,
    filteringTags: awsName === null ? [] : [awsName],
  }));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={saved === null ? undefined : sentence(saved.meaning)}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {saved !== null && (
                <Button
                  onClick={() => change({ sql: saved.sql, saved: null, parameters: withDefaults(saved, parameters) })}
                >
                  Edit a copy
                </Button>
              )}
              {running ? (
                <Button onClick={cancel}>Cancel</Button>
              ) : (
                <Button variant="primary" disabled={isEmpty} onClick={run} ariaLabel="Run (Ctrl+Enter in the editor)">
                  Run
                </Button>
              )}
            </SpaceBetween>
          }
        >
          Question
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="Saved query">
          <Select
            filteringType="auto"
            filteringAriaLabel="Find a saved query"
            filteringPlaceholder="Find a saved query"
            triggerVariant="label"
            expandToViewport
            selectedOption={saved === null ? OWN : { value: saved.name, label: saved.name }}
            options={[OWN, ...options]}
            onChange={({ detail }) => {
              const found = words?.saved.find(({ name }) => name === detail.selectedOption.value) ?? null;
              change({ sql, saved: found, parameters: {} });
            }}
          />
        </FormField>
        {wanted.length > 0 && (
          <ColumnLayout columns={wanted.length === 1 ? 2 : 3}>
            {wanted.map(({ name, meaning, type, default: usual }) => (
              <FormField
                key={name}
                label={saved === null ? `$${name}` : name}
                constraintText={
                  saved === null
                    ? 'A whole number is a number, all else is text'
                    : `${sentence(meaning)}. ${usual === null ? 'Must be given' : type}`
                }
              >
                <Input
                  value={parameters[name] ?? ''}
                  placeholder={usual ?? ''}
                  onChange={({ detail }) =>
                    change({ ...question, parameters: { ...parameters, [name]: detail.value } })
                  }
                  onKeyDown={({ detail }) => detail.key === 'Enter' && run()}
                  spellcheck={false}
                />
              </FormField>
            ))}
          </ColumnLayout>
        )}
        <Editor
          value={saved === null ? sql : saved.sql}
          readOnly={saved !== null}
          words={words}
          onChange={(text) => saved === null && change({ ...question, sql: text })}
          onRun={run}
        />
        {saved === null && (
          <Box variant="small" color="text-body-secondary">
            The table is flow_logs: the records of the time range. Ctrl+Space completes, Ctrl+Enter runs, Tab leaves the
            editor.
          </Box>
        )}
      </SpaceBetween>
    </Container>
  );
}

function withDefaults(saved: SavedWord, given: Question['parameters']): Question['parameters'] {
  return Object.fromEntries(saved.parameters.map(({ name, default: usual }) => [name, given[name] || (usual ?? '')]));
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
