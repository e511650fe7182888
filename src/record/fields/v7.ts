/**
 * Fields of version 7: the ECS task behind the interface.
 *
 * In:    nothing. Out: the fields in the order of AWS's table.
 * Holds: everything is `-` for interfaces that belong to no running task.
 */
import { ofInterface } from './field.ts';
import type { EcsNames } from '../../network/vpc/snapshot.ts';
import type { Field } from './field.ts';

const NO_TASK = 'where the interface belongs to no running ECS task';

function ofTask(name: string, meaning: string, absent: string, key: keyof EcsNames): Field {
  return ofInterface(name, 7, meaning, absent, (recording) => recording.ecs?.[key] ?? null);
}

export const V7: readonly Field[] = [
  ofTask('ecs-cluster-arn', 'ARN of the ECS cluster.', NO_TASK, 'clusterArn'),
  ofTask('ecs-cluster-name', 'Name of the ECS cluster.', NO_TASK, 'clusterName'),
  ofTask(
    'ecs-container-instance-arn',
    'ARN of the container instance.',
    `${NO_TASK}, and on Fargate`,
    'containerInstanceArn',
  ),
  ofTask(
    'ecs-container-instance-id',
    'Id of the container instance.',
    `${NO_TASK}, and on Fargate`,
    'containerInstanceId',
  ),
  ofTask('ecs-container-id', "Docker runtime id of the task's first container.", NO_TASK, 'containerId'),
  ofTask(
    'ecs-second-container-id',
    "Docker runtime id of the task's second container.",
    `${NO_TASK}, or it has one container`,
    'secondContainerId',
  ),
  ofTask('ecs-service-name', 'Name of the ECS service.', `${NO_TASK}, or no service started it`, 'serviceName'),
  ofTask('ecs-task-definition-arn', 'ARN of the task definition.', NO_TASK, 'taskDefinitionArn'),
  ofTask('ecs-task-arn', 'ARN of the task.', NO_TASK, 'taskArn'),
  ofTask('ecs-task-id', 'Id of the task.', NO_TASK, 'taskId'),
];
