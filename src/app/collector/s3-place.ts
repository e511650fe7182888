/**
 * A bucket that `capture -w` writes to, and where its records wait on this machine.
 *
 * In:    `s3://bucket/prefix`. Out: the bucket, what its keys begin with, and a directory for the spool.
 * Holds: the same place has the same spool, so what a killed run left goes out with the next one to that place.
 * Fails: FG_S3_PLACE.
 */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../model/errors.ts';

/** Bucket, or the ARN of an access point; what keys begin with ends in a slash unless it is ''. */
export function readS3Place(place: string): { readonly bucket: string; readonly below: string } {
  const [, bucket, rest = ''] =
    /^s3:\/\/(arn:aws[\w-]*:s3:[^/]*:accesspoint[/:][^/]+|[^/:]+)(?:\/(.*))?$/su.exec(place) ?? [];
  const prefix = rest.replace(/^\/+|\/+$/gu, '');
  if (bucket === undefined) throw failure('FG_S3_PLACE', place);
  return { bucket, below: prefix === '' ? '' : `${prefix}/` };
}

/** The spool of a place: in the directory that the XDG rules give to what programs have to remember. */
export function stateDirectory(place: string): string {
  const base = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  const name = createHash('sha256').update(place).digest('hex').slice(0, 16);
  return join(base, 'flowgauge', 'capture', name, 'spool');
}
