/**
 * Values of a plan that are known only after it is applied, found by what the configuration refers to.
 *
 * In:    a plan. Out: for a resource and a member the id of the one resource that it refers to.
 * Holds: an id that a resource has already is taken; one that will be made has its address for an id. References to
 *        several resources, to variables, locals and outputs of modules lead nowhere.
 */
type Values = Readonly<Record<string, unknown>>;

function objects(value: unknown): Values[] {
  return Array.isArray(value) ? value.filter((one): one is Values => typeof one === 'object' && one !== null) : [];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Values)[key] : undefined;
}

/** `module.a["x"].aws_route.r[0]` → `module.a.aws_route.r`, as the configuration has it. */
function withoutKeys(address: string): string {
  return address.replaceAll(/\[[^\]]*\]/gu, '');
}

export type References = {
  /** The id, or null. */
  resolve(address: string, attribute: string): string | null;
  /** Whether the configuration of a resource has an attribute. */
  isGiven(address: string, attribute: string): boolean;
};

/** Reads the configuration and the resources of a plan. */
export function createReferences(plan: Values): References {
  /** By address without keys: expressions. */
  const expressions = new Map<string, unknown>();
  const gather = (module: unknown, prefix: string): void => {
    for (const one of objects(member(module, 'resources')))
      expressions.set(`${prefix}${String(one['address'])}`, one['expressions']);
    const calls = member(module, 'module_calls');
    if (typeof calls === 'object' && calls !== null)
      for (const [name, call] of Object.entries(calls)) gather(member(call, 'module'), `${prefix}module.${name}.`);
  };
  gather(member(plan['configuration'], 'root_module'), '');
  /** By address without keys: ids of its instances. */
  const ids = new Map<string, string[]>();
  for (const one of objects(plan['resource_changes'])) {
    const address = String(one['address']);
    const before = member(member(one['change'], 'before'), 'id');
    const after = member(member(one['change'], 'after'), 'id');
    const id = typeof after === 'string' ? after : typeof before === 'string' ? before : address;
    ids.set(withoutKeys(address), [...(ids.get(withoutKeys(address)) ?? []), id]);
  }
  return {
    isGiven: (address, attribute) => member(expressions.get(withoutKeys(address)), attribute) !== undefined,
    resolve(address, attribute) {
      const place = withoutKeys(address);
      const found = member(member(expressions.get(place), attribute), 'references');
      const prefix = place.slice(0, place.length - place.split('.').slice(-2).join('.').length);
      const named = new Set(
        (Array.isArray(found) ? found.map(String) : []).map((text) =>
          withoutKeys(text).split('.').slice(0, 2).join('.'),
        ),
      );
      const [only] = named;
      if (named.size !== 1 || only === undefined) return null;
      const targets = ids.get(`${prefix}${only}`) ?? [];
      return targets.length === 1 ? (targets[0] ?? null) : null;
    },
  };
}
