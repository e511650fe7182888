/**
 * The question of the screen SQL: a saved query with its form, or SQL of one's own.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { SavedWord, SqlWords } from '../../../../src/api/sql.ts';
import { CodeText } from '../../parts/code-text.tsx';
import { Editor } from './editor.tsx';
import { parametersIn } from './sql-answer.ts';

export type Question = {
  readonly sql: string;
  /** Null: SQL of one's own. */
  readonly saved: SavedWord | null;
  readonly parameters: Readonly<Record<string, string>>;
};

/** What a parameter of a type looks like. */
const WANTED: Readonly<Record<string, string>> = {
  address: 'an IPv4 or IPv6 address',
  network: 'a network, such as 10.0.0.0/8',
  port: 'a port',
  ports: 'ports, such as 22,3389,8000-8003',
  duration: 'such as 5m or 2h',
  instant: 'a time in UTC, such as 2026-11-23T12:00:00Z',
  hour: 'an hour from 0 to 24',
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
                    : `${sentence(meaning)}${WANTED[type] === undefined ? '' : `: ${WANTED[type]}`}${usual === null ? '. Must be given' : ''}`
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
        {saved === null ? (
          <>
            <Editor value={sql} words={words} onChange={(text) => change({ ...question, sql: text })} onRun={run} />
            <Box variant="small" color="text-body-secondary">
              The table is flow_logs: the records of the time range. Ctrl+Space completes, Ctrl+Enter runs, Tab leaves
              the editor.
            </Box>
          </>
        ) : (
          <ExpandableSection headerText="Its SQL" variant="footer">
            <CodeText text={saved.sql} label={`SQL of ${saved.name}`} />
          </ExpandableSection>
        )}
      </SpaceBetween>
    </Container>
  );
}

function withDefaults(saved: SavedWord, given: Question['parameters']): Question['parameters'] {
  return Object.fromEntries(saved.parameters.map(({ name, default: usual }) => [name, given[name] || (usual ?? '')]));
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
