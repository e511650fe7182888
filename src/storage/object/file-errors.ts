/**
 * What the operating system says about files, in our words.
 *
 * In:    an error of `node:fs` and the path. Out: an error of the catalogue that keeps it as cause.
 */
import { FlowgaugeError, failureFrom } from '../../model/errors.ts';

/** Code of the operating system (`ENOSPC`), or '' for an error of another kind. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether an error says that a disk is full or may not be written, whichever file is meant. */
export function isOfDisk(error: unknown): boolean {
  return /^E(?:NOSPC|DQUOT|ACCES|ROFS)$/u.test(codeOf(error));
}

/** The error of the catalogue for a file that could not be written or read. One of the catalogue comes back as it is. */
export function fileFailure(cause: unknown, path: string): FlowgaugeError {
  if (cause instanceof FlowgaugeError) return cause;
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failureFrom(cause, 'FG_DISK_FULL', path);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failureFrom(cause, 'FG_NOT_WRITABLE', path, codeOf(cause));
    case 'ENOTDIR':
    case 'EEXIST':
      return failureFrom(cause, 'FG_NOT_A_DIRECTORY', path);
    default:
      return failureFrom(cause, 'FG_FILE_FAILED', path, cause instanceof Error ? cause.message : String(cause));
  }
}
