/**
 * What an end of a question may be, to choose from.
 *
 * In:    the network. Out: options of a field: instances, interfaces, addresses, subnets, and the internet.
 */
import type { AutosuggestProps } from '@cloudscape-design/components/autosuggest';
import type { NetworkAnswer } from '../../../../src/api/network.ts';

type Option = AutosuggestProps.Option & { readonly value: string };

/** Groups of options. */
export function endOptions(network: NetworkAnswer | null): AutosuggestProps.Options {
  const interfaces = network?.interfaces ?? [];
  const instances = new Map<string, Option>();
  for (const { instanceId, instanceName, addresses } of interfaces)
    if (instanceId !== null && !instances.has(instanceId))
      instances.set(instanceId, option(instanceId, [instanceName, addresses[0] ?? null]));
  const groups: AutosuggestProps.OptionGroup[] = [
    { label: 'Instances', options: [...instances.values()] },
    {
      label: 'Interfaces',
      options: interfaces.map(({ id, name, instanceName, addresses }) =>
        option(id, [instanceName ?? name, addresses.slice(0, 2).join(', ')]),
      ),
    },
    {
      label: 'Addresses',
      options: interfaces.flatMap(({ id, name, instanceName, addresses, publicAddresses }) =>
        [...addresses, ...publicAddresses]
          .filter((address) => !address.includes('/'))
          .map((address) => option(address, [instanceName ?? name, id])),
      ),
    },
    {
      label: 'Subnets',
      options: (network?.subnets ?? []).map(({ id, name, cidrs }) => option(id, [name, cidrs.join(', ')])),
    },
    { label: 'Beyond', options: [{ value: 'internet', description: 'Every public address' }] },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

function option(value: string, about: readonly (string | null)[]): Option {
  const description = about.filter((text) => text !== null && text !== '').join(', ');
  return description === '' ? { value } : { value, description };
}
