/**
 * The filter of a screen: conditions on fields of records, with the fields and values that the data has.
 *
 * In:    the filter's text, as in the address. Out: the text after a change.
 * Holds: what cannot be read is told below and changes nothing. Addresses and ports may be typed without a field.
 */
import FormField from '@cloudscape-design/components/form-field';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ValuesAnswer } from '../../../src/api/explore.ts';
import { FILTER_FIELDS, filterField } from '../../../src/api/filter-fields.ts';
import type { FilterField } from '../../../src/api/filter-fields.ts';
import { readFilter } from '../../../src/api/filter.ts';
import { call } from '../api-client.ts';
import { othersIn } from '../filter-edit.ts';
import { manyText } from '../format.ts';
import { useTimeQuery } from '../url-state.ts';
import { textOfTokens, tokensOf } from './filter-tokens.ts';
import type { Fields } from './use-fields.ts';

const EQUAL = ['=', '!='] as const;
const NUMBER = ['=', '!=', '<', '<=', '>', '>='] as const;

type Loaded = {
  readonly status: PropertyFilterProps.StatusType;
  readonly options: readonly PropertyFilterProps.FilteringOption[];
};
const NOTHING: Loaded = { status: 'finished', options: [] };

export function FilterBar({
  text,
  fields,
  onChange,
}: {
  readonly text: string;
  readonly fields: Fields;
  readonly onChange: (text: string) => void;
}): ReactNode {
  const time = useTimeQuery();
  const [problem, setProblem] = useState<string | null>(null);
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const asking = useRef<AbortController | null>(null);
  // Until the objects are known, whatever name stands there may be theirs.
  const others = useMemo(() => (fields.files > 0 ? fields.others : othersIn(text)), [text, fields]);
  const read = useMemo(() => readFilter(text, others), [text, others]);
  const properties = useMemo(() => propertiesOf(fields), [fields]);

  const load = useCallback(
    ({ filteringProperty, filteringText }: PropertyFilterProps.LoadItemsDetail): void => {
      asking.current?.abort();
      if (filteringProperty === undefined) {
        setLoaded(NOTHING);
        return;
      }
      const over = (asking.current = new AbortController());
      const field = filteringProperty.key;
      setLoaded({ status: 'loading', options: [] });
      // Of a list the last one is being typed.
      const begin = filteringText.split('|').at(-1)!.trim();
      const query = new URLSearchParams({ field, begin, rows: '50', others: others.join(',') });
      const other = otherConditions(text, field, others);
      if (other !== '') query.set('filter', other);
      call<ValuesAnswer>('GET', `/api/values?${time}&${query}`, undefined, over.signal).then(
        ({ values }) => setLoaded({ status: 'finished', options: values.map((each) => optionOf(each, field, fields)) }),
        () => {
          if (!over.signal.aborted) setLoaded({ status: 'error', options: [] });
        },
      );
    },
    [time, text, others, fields],
  );

  return (
    <FormField errorText={problem ?? read.problem?.message ?? undefined} stretch>
      <PropertyFilter
        query={{ operation: 'and', tokens: tokensOf(read.filter ?? []) }}
        onChange={({ detail }) => {
          const changed = textOfTokens(detail.tokens, others);
          setProblem(changed.problem);
          if (changed.text !== text) onChange(changed.text);
        }}
        filteringProperties={properties}
        filteringOptions={loaded.options}
        filteringStatusType={loaded.status}
        onLoadItems={({ detail }) => load(detail)}
        freeTextFiltering={{ operators: [...EQUAL], defaultOperator: '=' }}
        customGroupsText={[
          { group: 'either', properties: 'Either side', values: 'Values' },
          { group: 'derived', properties: 'Worked out', values: 'Values' },
          { group: 'some', properties: 'Held by some objects', values: 'Values' },
          { group: 'none', properties: 'Held by no object of this time', values: 'Values' },
        ]}
        filteringPlaceholder="Filter by field, address or port"
        filteringAriaLabel="Filter records"
        filteringLoadingText="Looking for values"
        filteringErrorText="Values could not be looked up."
        filteringRecoveryText="Try again"
        filteringEmpty="No value of the records begins so; it can be used all the same."
        hideOperations
        expandToViewport
      />
    </FormField>
  );
}

/** The filter without what it asks of a field. */
function otherConditions(text: string, field: string, others: readonly string[]): string {
  const tokens = tokensOf(readFilter(text, others).filter ?? []).filter(({ propertyKey }) => propertyKey !== field);
  return textOfTokens(tokens, others).text;
}

function optionOf(
  { value, records }: ValuesAnswer['values'][number],
  field: string,
  { held }: Fields,
): PropertyFilterProps.FilteringOption {
  const name = held.get(field)?.names[String(value)];
  const tags = [...(name === undefined ? [] : [name]), manyText(records, 'record')];
  return { propertyKey: field, value: String(value), tags };
}

function propertiesOf({ held, files, others }: Fields): PropertyFilterProps.FilteringProperty[] {
  const groupOf = ({ name, either, derived }: FilterField): string | undefined => {
    if (either.length > 0) return 'either';
    if (derived) return 'derived';
    const holding = held.get(name)?.files ?? 0;
    if (files === 0 || holding === files) return undefined;
    return holding > 0 ? 'some' : 'none';
  };
  const all = [...FILTER_FIELDS, ...others.map((name) => filterField(name, others)!)];
  return all.map((field) => {
    const group = groupOf(field);
    const isOrdered = field.kind === 'number' && field.either.length === 0;
    return {
      key: field.name,
      propertyLabel: field.name,
      groupValuesLabel: `Values of ${field.name}`,
      operators: [...(isOrdered ? NUMBER : EQUAL)],
      defaultOperator: '=',
      ...(group === undefined ? {} : { group }),
    };
  });
}
