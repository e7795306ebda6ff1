import { version } from '@duckdb/node-api';

/** The version of the database library, such as `v1.5.5`. */
export function duckdbVersion(): string {
  return version();
}
