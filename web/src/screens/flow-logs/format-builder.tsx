/**
 * The log format: AWS's default, all fields of a version, or fields that are picked; what a file of it looks like, and what it
 * answers.
 */
import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { FieldRow, FormatFields } from '../../../../src/api/formats.ts';
import { manyText } from '../../format.ts';
import { CodeText } from '../../parts/code-text.tsx';
import '../../parts/explain.css';
import { Capabilities } from './capabilities.tsx';
import './flow-logs.css';
import { moved, namesIn, withField } from './draft.ts';
import type { SeenFormat } from './use-format.ts';

export function FormatBuilder({
  text,
  seen,
  known,
  change,
}: {
  readonly text: string;
  readonly seen: SeenFormat;
  readonly known: FormatFields;
  readonly change: (text: string) => void;
}): ReactNode {
  const names = namesIn(text);
  const preset = known.presets.find(({ format }) => format === text);
  const options = [
    ...known.presets.map(({ version, format }) => ({
      value: format,
      label: version === 2 ? 'AWS’s default (version 2)' : `All fields up to version ${version}`,
      description: manyText(namesIn(format).length, 'field'),
    })),
    { value: '', label: 'Custom', description: 'Fields that are picked below' },
  ];
  const chosen = options.find(({ value }) => value === preset?.format) ?? options.at(-1)!;
  const problem = seen.answer?.problem ?? null;
  return (
    <SpaceBetween size="l">
      <ColumnLayout columns={2}>
        <SpaceBetween size="m">
          <FormField label="Begin with">
            <Select
              selectedOption={chosen}
              options={options}
              onChange={({ detail }) => detail.selectedOption.value && change(detail.selectedOption.value)}
            />
          </FormField>
          <FormField
            label="Log format"
            description="As CreateFlowLogs takes it. It is checked as you type."
            errorText={problem === null ? undefined : `${problem.message} (${problem.code})`}
            stretch
          >
            <Textarea
              value={text}
              rows={8}
              spellcheck={false}
              onChange={({ detail }) => change(detail.value)}
              ariaLabel="Log format"
            />
          </FormField>
        </SpaceBetween>
        <Order names={names} change={change} text={text} />
      </ColumnLayout>
      {seen.preview !== null && (
        <div aria-live="polite">
          <SpaceBetween size="s">
            <Header
              variant="h3"
              description={
                problem === null
                  ? `${manyText(seen.preview.fields.length, 'field')}, version ${seen.preview.version}. Header and three lines with made-up addresses, from the printer that makes the records.`
                  : 'Of the last text that was a format.'
              }
            >
              Preview
            </Header>
            <CodeText text={[seen.preview.header, ...seen.preview.examples].join('\n')} label="the preview" />
            <Capabilities
              capabilities={seen.preview.capabilities}
              add={(field) => change(withField(text, field, true))}
            />
          </SpaceBetween>
        </div>
      )}
      <Fields known={known} text={text} names={names} change={change} />
    </SpaceBetween>
  );
}

/** The fields in their order; each can go up, down and out. */
function Order({
  names,
  text,
  change,
}: {
  readonly names: readonly string[];
  readonly text: string;
  readonly change: (text: string) => void;
}): ReactNode {
  return (
    <FormField label={`Order of the fields (${names.length})`} stretch>
      {names.length === 0 ? (
        <Alert type="info">No field yet: pick some from the table below.</Alert>
      ) : (
        <ol className="field-order" aria-label="Fields in their order" tabIndex={0}>
          {names.map((name, i) => (
            <li key={`${i} ${name}`}>
              <span className="breaks-anywhere">{name}</span>
              <span>
                <Button
                  variant="inline-icon"
                  iconName="angle-up"
                  ariaLabel={`${name} earlier`}
                  disabled={i === 0}
                  onClick={() => change(moved(text, name, -1))}
                />
                <Button
                  variant="inline-icon"
                  iconName="angle-down"
                  ariaLabel={`${name} later`}
                  disabled={i === names.length - 1}
                  onClick={() => change(moved(text, name, 1))}
                />
                <Button
                  variant="inline-icon"
                  iconName="close"
                  ariaLabel={`Without ${name}`}
                  onClick={() => change(withField(text, name, false))}
                />
              </span>
            </li>
          ))}
        </ol>
      )}
    </FormField>
  );
}

function Fields({
  known,
  text,
  names,
  change,
}: {
  readonly known: FormatFields;
  readonly text: string;
  readonly names: readonly string[];
  readonly change: (text: string) => void;
}): ReactNode {
  const fields = useMemo(() => known.fields.filter(({ kind }) => kind !== 'transit-gateway'), [known]);
  const { items, collectionProps, paginationProps, filterProps, filteredItemsCount } = useCollection(fields, {
    pagination: { pageSize: 12 },
    sorting: {},
    filtering: {
      filteringFunction: ({ name, meaning, version }, words) =>
        `${name} ${meaning} version ${version}`.toLowerCase().includes(words.toLowerCase()),
      noMatch: 'No field has these words.',
    },
  });
  const isIn = (field: FieldRow): boolean => names.includes(field.name);
  return (
    <Table
      {...collectionProps}
      items={items}
      trackBy="name"
      selectionType="multi"
      selectedItems={fields.filter(isIn)}
      onSelectionChange={({ detail }) => {
        const wanted = new Set(detail.selectedItems.map(({ name }) => name));
        let made = text;
        for (const { name } of items)
          if (wanted.has(name) !== names.includes(name)) made = withField(made, name, wanted.has(name));
        change(made);
      }}
      onRowClick={({ detail }) => change(withField(text, detail.item.name, !isIn(detail.item)))}
      wrapLines
      variant="embedded"
      ariaLabels={{
        tableLabel: 'Fields',
        selectionGroupLabel: 'Fields of the format',
        allItemsSelectionLabel: () => 'All of this page',
        itemSelectionLabel: (_, { name }) => name,
      }}
      header={
        <Header variant="h3" counter={`(${names.length} of ${fields.length})`}>
          Pick fields
        </Header>
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringAriaLabel="Find fields"
          filteringPlaceholder="Find by name, version or meaning"
          countText={`${filteredItemsCount ?? 0} found`}
        />
      }
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Field',
          width: 210,
          isRowHeader: true,
          sortingField: 'name',
          cell: ({ name }) => <Box variant="code">{name}</Box>,
        },
        {
          id: 'version',
          header: 'Version',
          width: 120,
          sortingField: 'version',
          cell: ({ version }) => (version === 0 ? 'ours' : version),
        },
        {
          id: 'meaning',
          header: 'Meaning',
          minWidth: 220,
          cell: ({ meaning, absent, empty }) => (
            <>
              {meaning}
              <div className="quiet">- {absent}</div>
              {empty !== null && <Badge color="severity-medium">Always - here: {empty}</Badge>}
            </>
          ),
        },
      ]}
    />
  );
}
