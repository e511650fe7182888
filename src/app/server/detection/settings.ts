/**
 * Whether the settings of detection name what there is.
 *
 * In:    the settings of `up`. Out: nothing.
 * Fails: FG_CONFIG with the words of FG_DETECTION_UNKNOWN or FG_PARAMETER_*, before anything is captured.
 */
import { failureFrom, FlowgaugeError } from '../../../model/errors.ts';
import { chosen, valuesOf } from '../../../watch/choose.ts';
import type { DetectionSettings } from '../../config.ts';

/** Looks at names and parameters. */
export function checkDetection({ only, except, parameters }: DetectionSettings, path: string): void {
  try {
    chosen([...(only ?? []), ...except]);
    for (const detection of chosen(Object.keys(parameters))) valuesOf(detection, parameters[detection.name] ?? {});
  } catch (error) {
    if (!(error instanceof FlowgaugeError)) throw error;
    throw failureFrom(error, 'FG_CONFIG', path, `of detect, ${error.message}`);
  }
}
