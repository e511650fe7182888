/**
 * The fields that a model cannot fill.
 *
 * In:    a model. Out: the fields that are `-` in every record of its flow logs, or of one over the whole of it.
 * Fails: as reading the model does.
 */
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { absentFields } from '../../record/absent-fields.ts';
import type { Field } from '../../record/fields/field.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../record/format.ts';
import { builtInRanges } from '../../record/service-names.ts';
import { readModelFiles } from './model-files.ts';
import { optionFlowLog } from './option-flow-log.ts';

/** @param path  of the model, a JSON file or a folder of them */
export async function fieldsNotFilled(path: string): Promise<readonly Field[]> {
  const snapshot = compileSnapshot(readModel(await readModelFiles(path)), { version: 1, atMicros: 0 });
  const whole = optionFlowLog(
    {
      format: DEFAULT_FORMAT,
      intervalSeconds: 60,
      traffic: 'ALL',
      fileFormat: 'plain-text',
      hive: false,
      hourly: false,
    },
    snapshot,
  );
  const flowLogs = snapshot.flowLogs.length > 0 ? snapshot.flowLogs : [whole];
  const ranges = builtInRanges();
  return absentFields(
    flowLogs.map((flowLog) => ({ snapshot, flowLog, ranges, version: parseLogFormat(flowLog.format).version })),
  );
}
