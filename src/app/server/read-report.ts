/**
 * Reads what an agent tells: the other end may be any program that has its key.
 *
 * In:    parsed JSON. Out: a report with the members that are known, each of its type and bounded; null where it is none.
 * Holds: names of stages and causes are words, so that metrics can have them as labels.
 */
import type { AgentReport } from '../../api/agents.ts';
import type { Health, HealthReason } from '../../api/health.ts';
import type { StageCount } from '../../model/counters.ts';

type Json = Readonly<Record<string, unknown>>;

/** `never-logged/arp` is one. */
const WORD = /^[a-z0-9][a-z0-9/-]{0,63}$/u;
const MOST = 256;
const LONGEST_TEXT = 512;

const isObject = (json: unknown): json is Json => typeof json === 'object' && json !== null && !Array.isArray(json);
const isText = (json: unknown): json is string => typeof json === 'string' && json.length <= LONGEST_TEXT;
const isTextOrNull = (json: unknown): json is string | null => json === null || isText(json);
const isCount = (json: unknown): json is number => typeof json === 'number' && Number.isFinite(json) && json >= 0;

/** Reads a report. */
export function readReport(json: unknown): AgentReport | null {
  if (!isObject(json) || json['format'] !== 1) return null;
  const { program, assignment, drops } = json;
  const health = readHealth(json['health']);
  const devices = readAll(json['devices'], readDevice);
  const stages = readNamed(json['stages'], readStage);
  if (!isText(program) || !isTextOrNull(assignment) || !isCount(drops)) return null;
  if (health === null || devices === null || stages === null) return null;
  return { format: 1, program, assignment, health, devices, drops, stages };
}

function readHealth(json: unknown): Health | null {
  if (!isObject(json)) return null;
  const { status } = json;
  const reasons = readAll(json['reasons'], readReason);
  if ((status !== 'ok' && status !== 'starting' && status !== 'degraded') || reasons === null) return null;
  return { status, reasons };
}

function readReason(json: unknown): HealthReason | null {
  if (!isObject(json)) return null;
  const { reason, code, about } = json;
  if (typeof reason !== 'string' || !WORD.test(reason) || !isTextOrNull(code) || !isTextOrNull(about)) return null;
  // An agent of a later version may know another one.
  return { reason: reason as HealthReason['reason'], code, about };
}

function readDevice(json: unknown): AgentReport['devices'][number] | null {
  if (!isObject(json)) return null;
  const { device, interfaceId, present } = json;
  return isText(device) && isText(interfaceId) && typeof present === 'boolean'
    ? { device, interfaceId, present }
    : null;
}

function readStage(json: unknown): StageCount | null {
  if (!isObject(json)) return null;
  const { in: taken, out, held } = json;
  const lost = readNamed(json['lost'], (one) => (isCount(one) ? one : null));
  const notes = readNamed(json['notes'], (one) => (isCount(one) ? one : null));
  if (!isCount(taken) || !isCount(out) || !isCount(held) || lost === null || notes === null) return null;
  return { in: taken, out, held, lost, notes };
}

function readAll<T>(json: unknown, read: (one: unknown) => T | null): T[] | null {
  if (!Array.isArray(json) || json.length > MOST) return null;
  const all = json.map(read);
  return all.every((one) => one !== null) ? all : null;
}

function readNamed<T>(json: unknown, read: (one: unknown) => T | null): Record<string, T> | null {
  if (!isObject(json)) return null;
  const entries = Object.entries(json);
  if (entries.length > MOST) return null;
  const all = entries.map(([name, one]) => [name, WORD.test(name) ? read(one) : null] as const);
  return all.every((one): one is readonly [string, T] => one[1] !== null) ? Object.fromEntries(all) : null;
}
