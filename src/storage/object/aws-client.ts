/**
 * What every client of an AWS service has in common: who asks, where, and how stubbornly.
 *
 * In:    profile, region and endpoint as somebody set them. Out: settings of an SDK client.
 * Holds: credentials come from AWS's own chain (environment, profile, roles, SSO, container, instance). Connections are
 *        bounded, a silent one is given up, and what may pass is tried again with growing pauses. No client is loaded here.
 * Fails: FG_AWS_ENDPOINT, FG_AWS_PROFILE; with what the clients say of a configuration file that cannot be read.
 */
import { failure } from '../../model/errors.ts';

/** Who asks and where; what is not set is found as the AWS tools find it. */
export type AwsAccess = {
  /** A profile of ~/.aws/config and ~/.aws/credentials. */
  readonly profile?: string;
  readonly region?: string;
  /** URL of a server that is not AWS's, or of a VPC endpoint. */
  readonly endpoint?: string;
  /** A connection that says nothing for this long is given up, and the request tried again. */
  readonly idleMillis?: number;
  /** How often a request is tried in all, where its asker does not try again itself. */
  readonly attempts?: number;
};

/** Requests of one client under way at one time; more wait. */
export const CONNECTIONS = 32;
/** How often a request is tried in all, with pauses that grow to 20 s. */
const ATTEMPTS = 6;
const CONNECT_MILLIS = 10_000;
const IDLE_MILLIS = 60_000;
/** Where neither option, environment nor profile names a region; S3 tells where a bucket really is. */
export const FALLBACK_REGION = 'us-east-1';

/** The settings that clients of all services take. `region` goes before that of `access`. */
export function clientSettings(access: AwsAccess, region: string | undefined) {
  const chosen = region ?? access.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const agent = { keepAlive: true, maxSockets: CONNECTIONS };
  return {
    maxAttempts: access.attempts ?? ATTEMPTS,
    // Passed on to the chain of credentials: a later client reads the files anew.
    ignoreCache: true,
    ...(chosen === undefined || chosen === '' ? {} : { region: chosen }),
    ...(access.profile === undefined ? {} : { profile: access.profile }),
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    requestHandler: {
      connectionTimeout: CONNECT_MILLIS,
      socketTimeout: access.idleMillis ?? IDLE_MILLIS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}

/** Whether a server is one of AWS's own, VPC endpoints included. */
export function isOfAws(endpoint: string): boolean {
  const host = URL.parse(endpoint)?.hostname ?? '';
  return /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws)$/u.test(host);
}

/**
 * The server that is to be asked in place of AWS's: the one that was given, else what environment and profile name (the
 * clients themselves do not look into a profile that was given); null for AWS's.
 *
 * @param service  `s3` or `cloudwatch_logs`, as the files of the AWS tools write it
 */
export async function endpointOf(access: AwsAccess, service: string): Promise<string | null> {
  if (access.profile !== undefined) await checkProfile(access.profile);
  const found = access.endpoint ?? (await configuredEndpoint(access, service));
  if (found !== null && !/^https?:$/u.test(URL.parse(found)?.protocol ?? '')) throw failure('FG_AWS_ENDPOINT', found);
  return found;
}

/** The clients look everywhere else where a profile is not there, and say then that nobody has credentials. */
async function checkProfile(profile: string): Promise<void> {
  const { parseKnownFiles } = await import('@smithy/core/config');
  const known = Object.keys(await parseKnownFiles({ profile }));
  if (!known.includes(profile)) throw failure('FG_AWS_PROFILE', profile, known);
}

async function configuredEndpoint(access: AwsAccess, service: string): Promise<string | null> {
  const { loadConfig } = await import('@smithy/core/config');
  const find = loadConfig<string | null>(
    {
      environmentVariableSelector: (env) =>
        env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || env['AWS_ENDPOINT_URL'] || undefined,
      configFileSelector: (profile, files) => {
        const own = profile['services'] === undefined ? undefined : files?.[`services.${profile['services']}`];
        return own?.[`${service}.endpoint_url`] ?? profile['endpoint_url'];
      },
      default: null,
    },
    access.profile === undefined ? {} : { profile: access.profile },
  );
  return find();
}
