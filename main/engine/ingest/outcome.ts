/** Why a line that belongs to a log could not be read. */
export type RejectReason =
  | 'no address family'
  | 'no time'
  | 'no direction'
  | 'no rule'
  | 'no action'
  | 'no protocol'
  | 'no addresses'
  | 'bad address'
  | 'name for address'
  | 'bad port'
  | 'no port'
  | 'bad record'
  | 'cut off';

/** What became of a line: an event, a line of another program, a line without text, or a reject. */
export type LineOutcome = 'event' | 'other' | 'blank' | RejectReason;
