/**
 * The verbs, in the order of the help.
 *
 * In:    nothing. Out: by name, what loads a verb's file and adds it to the program. Two verbs may have one file.
 */
import type { Command } from 'commander';

type AddVerb = (program: Command) => void;

export const VERBS: Readonly<Record<string, () => Promise<AddVerb>>> = {
  up: async () => (await import('./up.ts')).upCommand,
  agent: async () => (await import('./agent.ts')).agentCommand,
  capture: async () => (await import('./capture.ts')).captureCommand,
  query: async () => (await import('./query.ts')).queryCommand,
  compact: async () => (await import('./compact.ts')).compactCommand,
  ddl: async () => (await import('./ddl.ts')).ddlCommand,
  load: async () => (await import('./load.ts')).loadCommand,
  import: async () => (await import('./import.ts')).importCommand,
  diagnose: async () => (await import('./diagnose.ts')).diagnoseCommand,
  'rule-hits': async () => (await import('./rule-hits.ts')).ruleHitsCommand,
  'why-no-record': async () => (await import('./why-no-record.ts')).whyNoRecordCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  suggest: async () => (await import('./suggest.ts')).suggestCommand,
  detect: async () => (await import('./detect.ts')).detectCommand,
  cache: async () => (await import('./cache.ts')).cacheCommand,
  fields: async () => (await import('./fields.ts')).fieldsCommand,
  'bucket-policy': async () => (await import('./bucket-policy.ts')).bucketPolicyCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  ledger: async () => (await import('./ledger.ts')).ledgerCommand,
  console: async () => (await import('./console.ts')).consoleCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  attach: async () => (await import('./attach.ts')).attachCommands,
  detach: async () => (await import('./attach.ts')).attachCommands,
  replace: async () => (await import('./replace.ts')).replaceCommand,
  lab: async () => (await import('./lab.ts')).labCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};
