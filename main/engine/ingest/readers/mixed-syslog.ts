import type { Names } from '../names.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { nsxDfw } from './nsx-dfw.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { tryHead } from './sniff.ts';

function open(names: Names, context: ReaderContext): LineReader {
  const dfw = nsxDfw.open(names, context);
  const asa = ciscoAsa.open(names, context);
  return {
    get forms() {
      return [...dfw.forms, ...asa.forms];
    },
    get tookYear() {
      return dfw.tookYear || asa.tookYear;
    },
    parse(bytes, start, end, batch) {
      const outcome = dfw.parse(bytes, start, end, batch);
      return outcome === 'other' ? asa.parse(bytes, start, end, batch) : outcome;
    },
  };
}

/** A syslog server's file into which both the distributed firewall and Cisco firewalls wrote. */
export const mixedSyslog: ReaderKind = {
  name: 'mixed-syslog',
  recognise(context) {
    const isMixed = [nsxDfw, ciscoAsa].every((kind) => tryHead(kind.open, context).events > 0);
    return isMixed ? 0.93 : 0;
  },
  open,
};
