/**
 * Detections by name, with values for their parameters.
 *
 * In:    names, texts. Out: detections, values.
 * Holds: nothing of a database is loaded for it.
 * Fails: FG_DETECTION_UNKNOWN, FG_PARAMETER_*.
 */
import { failure } from '../model/errors.ts';
import { nearNames } from '../query/near.ts';
import { readParameter } from '../query/parameter.ts';
import type { Detection, Parameters } from './detection.ts';
import { DETECTIONS } from './detections/list.ts';

/** Values of a detection's parameters. */
export type Values = Readonly<Record<string, string | bigint>>;

/** The detections of some names. */
export function chosen(only: readonly string[] | undefined): readonly Detection[] {
  const names = DETECTIONS.map(({ name }) => name);
  for (const name of only ?? [])
    if (!names.includes(name)) throw failure('FG_DETECTION_UNKNOWN', name, nearNames(name, names));
  return only === undefined ? DETECTIONS : DETECTIONS.filter(({ name }) => only.includes(name));
}

/** The parameters of a detection. */
export function parametersOf(detection: Detection): Parameters {
  return 'query' in detection ? detection.query.parameters : detection.parameters;
}

/** Values of a detection's parameters, given or default. */
export function valuesOf(detection: Detection, given: Readonly<Record<string, string>>): Values {
  const parameters = parametersOf(detection);
  for (const name of Object.keys(given))
    if (!Object.hasOwn(parameters, name))
      throw failure('FG_PARAMETER_UNKNOWN', detection.name, name, Object.keys(parameters));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      readParameter(name, parameter, given[name] ?? parameter.default ?? ''),
    ]),
  );
}
