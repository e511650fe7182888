/**
 * GetFlowLogsIntegrationTemplate: a CloudFormation template that makes a flow log's bucket a table of Athena.
 *
 * In:    a flow log, where query results go, which days. Out: the template's text.
 * Holds: partitions are projected, so PartitionLoadFrequency is checked and needs nothing to be done. The template is
 *        returned and not written to ConfigDeliveryS3DestinationArn: the caller may do that.
 * Fails: `InvalidFlowLogId.NotFound`, `InvalidParameter`, `InvalidParameterValue`, `UnsupportedOperation`.
 * @see EC2 API Reference, "GetFlowLogsIntegrationTemplate", August 2026
 */
import type { GetFlowLogsIntegrationTemplateRequest, GetFlowLogsIntegrationTemplateResult } from '@aws-sdk/client-ec2';
import { described } from '../../../network/vpc/described.ts';
import { readFlowLog } from '../../../network/vpc/flow-logs.ts';
import { readAction } from '../action.ts';
import { athenaTemplate } from '../athena-template.ts';
import { Ec2Error, invalidParameterValue, missingParameter, oneOf } from '../errors.ts';
import { itemWithId } from '../find-items.ts';

const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::([a-z\d][a-z\d.-]{1,61}[a-z\d](?:\/[!-~]*)?)$/;
const LOCAL = 'local';

function placeIn(name: string, arn: string): string {
  const place = BUCKET_ARN.exec(arn)?.[1];
  if (place === undefined)
    throw invalidParameterValue(name, arn, 'It must be the ARN of a bucket, with a prefix or without.');
  return `s3://${place.replace(/\/*$/, '')}/`;
}

const dayOf = (time: string): string => time.slice(0, 10).replaceAll('-', '/');

export const getFlowLogsIntegrationTemplate = readAction<
  GetFlowLogsIntegrationTemplateRequest,
  GetFlowLogsIntegrationTemplateResult
>({
  name: 'GetFlowLogsIntegrationTemplate',
  run(input, { resources, account, region }) {
    placeIn('ConfigDeliveryS3DestinationArn', input.ConfigDeliveryS3DestinationArn);
    const [athena] = input.IntegrateServices.AthenaIntegrations ?? [];
    if (athena === undefined) throw missingParameter('IntegrateService.AthenaIntegration');
    const results = placeIn('IntegrationResultS3DestinationArn', athena.IntegrationResultS3DestinationArn);
    oneOf('PartitionLoadFrequency', athena.PartitionLoadFrequency, ['none', 'daily', 'weekly', 'monthly']);
    const item = itemWithId(resources, 'FlowLogs', input.FlowLogId);
    const { id, destination, format } = readFlowLog(described(input.FlowLogId, item));
    if (destination.type !== 's3')
      throw new Ec2Error('InvalidParameter', `Flow log ${id} is not delivered to a bucket; Athena cannot read it.`);
    if (destination.bucket === LOCAL)
      throw new Ec2Error(
        'UnsupportedOperation',
        `Records of ${id} lie in a directory of this machine, which Athena cannot read.`,
      );
    const first = athena.PartitionStartDate ?? item.CreationTime ?? '';
    const last = athena.PartitionEndDate === undefined ? 'NOW' : dayOf(athena.PartitionEndDate);
    const { bucket, prefix, fileFormat, hive, hourly } = destination;
    const table = { flowLogId: id, account, region, bucket, prefix, format, hive, hourly };
    const template = athenaTemplate(
      { ...table, parquet: fileFormat === 'parquet', days: [dayOf(first), last] },
      results,
    );
    return { Result: template };
  },
});
