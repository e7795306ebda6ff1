/** What became of a line, in the order of `OUTCOMES` on the other side. */
export const EVENT: i32 = 0;
export const OTHER: i32 = 1;
export const BLANK: i32 = 2;
export const NO_FAMILY: i32 = 3;
export const NO_TIME_READ: i32 = 4;
export const NO_DIRECTION: i32 = 5;
export const NO_RULE: i32 = 6;
export const NO_ACTION: i32 = 7;
export const NO_PROTOCOL: i32 = 8;
export const NO_ADDRESSES: i32 = 9;
export const BAD_ADDRESS: i32 = 10;
export const BAD_PORT: i32 = 11;
export const NO_PORT: i32 = 12;
