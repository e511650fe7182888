/**
 * What is added up, and by what it is parted.
 */
import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import Select from '@cloudscape-design/components/select';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { MEASURES } from '../../../../src/api/explore.ts';
import { DIMENSIONS } from '../../../../src/api/filter-fields.ts';
import { manyText } from '../../format.ts';
import { Segments } from '../../parts/segments.tsx';
import type { Fields } from '../../parts/use-fields.ts';
import { MEASURE_WORDS, TOPS } from './state.ts';
import type { TabProps } from './state.ts';

const MOST = 4;
/** What people part by first. */
const USUAL = [
  'action',
  'srcaddr',
  'dstaddr',
  'peer',
  'service-port',
  'direction',
  'interface-id',
  'protocol',
  'x-rule-id',
];

export function Choices({ state, change, fields }: Pick<TabProps, 'state' | 'change' | 'fields'>): ReactNode {
  const options = useMemo(() => optionsOf(fields), [fields]);
  const { by, measure, top } = state;
  return (
    <div className="explore-choices">
      <FormField label="Part by up to four fields">
        <Multiselect
          selectedOptions={by.map((name) => ({ value: name, label: name }))}
          options={options.map((group) => ({
            ...group,
            options: group.options.map((option) => ({
              ...option,
              disabled: by.length >= MOST && !by.includes(option.value),
            })),
          }))}
          onChange={({ detail }) => change({ by: detail.selectedOptions.map(({ value }) => value!) })}
          filteringType="auto"
          placeholder="Nothing: one total"
          tokenLimit={4}
          inlineTokens={false}
          expandToViewport
        />
      </FormField>
      <Segments
        label="Add up"
        selectedId={measure}
        options={MEASURES.map((id) => ({ id, text: MEASURE_WORDS[id] }))}
        onChange={({ detail }) => change({ measure: MEASURES.find((one) => one === detail.selectedId) ?? 'bytes' })}
      />
      <FormField label="Tell apart">
        <Select
          selectedOption={{ value: top, label: `The ${top} largest` }}
          options={TOPS.map((value) => ({ value, label: `The ${value} largest` }))}
          onChange={({ detail }) => change({ top: TOPS.find((one) => one === detail.selectedOption.value) ?? '10' })}
          expandToViewport
        />
      </FormField>
    </div>
  );
}

type Option = { readonly value: string; readonly label: string; readonly description?: string };

function optionsOf({
  held,
  files,
  others,
}: Fields): readonly { readonly label: string; readonly options: readonly Option[] }[] {
  const all = [
    ...DIMENSIONS.map(({ name, meaning }) => ({ name, meaning })),
    ...others.map((name) => ({ name, meaning: '' })),
  ];
  const isHeld = (name: string): boolean => files === 0 || (held.get(name)?.files ?? 0) > 0;
  const option = ({ name }: { name: string }): Option => {
    const holding = held.get(name)?.files ?? 0;
    const partly = files > 0 && holding > 0 && holding < files;
    return {
      value: name,
      label: name,
      ...(partly ? { description: `In ${holding} of ${manyText(files, 'object')}` } : {}),
    };
  };
  const usual = USUAL.flatMap((name) => all.filter((one) => one.name === name && isHeld(name)));
  const more = all.filter((one) => !USUAL.includes(one.name) && isHeld(one.name));
  const groups = [
    { label: 'Most used', options: usual.map(option) },
    { label: 'Every field of the objects', options: more.map(option) },
  ];
  return groups.filter(({ options }) => options.length > 0);
}
