import { bug } from '../../../../shared/failure/failure.ts';
import { awsVpc } from './aws-vpc.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { mixedSyslog } from './mixed-syslog.ts';
import { nfdump } from './nfdump.ts';
import { nsxDfwCsv } from './nsx-dfw-csv.ts';
import { nsxDfwJson } from './nsx-dfw-json.ts';
import { nsxDfwSiteCsv } from './nsx-dfw-site-csv.ts';
import { nsxDfw } from './nsx-dfw.ts';
import type { ReaderContext, ReaderKind } from './reader.ts';
import { zeekConn } from './zeek-conn.ts';

/** Every kind of log that is read. A new one is added here and nowhere else. */
export const READER_KINDS: readonly ReaderKind[] = [
  nsxDfw,
  nsxDfwJson,
  nsxDfwCsv,
  nsxDfwSiteCsv,
  ciscoAsa,
  mixedSyslog,
  awsVpc,
  zeekConn,
  nfdump,
];

/** The kind with the given name. */
export function readerByName(name: string): ReaderKind {
  return READER_KINDS.find((kind) => kind.name === name) ?? bug(`no reader is named ${name}`);
}

/** The kind that recognises the file best; nothing where none does. */
export function chooseReader(context: ReaderContext): ReaderKind | undefined {
  let best: ReaderKind | undefined;
  let bestShare = 0;
  for (const kind of READER_KINDS) {
    const share = kind.recognise(context);
    if (share > bestShare) {
      best = kind;
      bestShare = share;
    }
  }
  return best;
}
