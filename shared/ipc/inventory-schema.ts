import * as v from 'valibot';
import type { Correction } from '../domain/correction.ts';
import { INVENTORY_FORMATS, type ColumnChoice, type OutsideInventory } from '../domain/outside.ts';
import { formatAddress, parseAddress } from '../net/address.ts';

const text = v.pipe(v.string(), v.maxLength(10_000));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const list = <T extends v.GenericSchema>(item: T, most = 10_000) =>
  v.pipe(v.array(item), v.maxLength(most), v.readonly());
const id = v.pipe(v.string(), v.minLength(3), v.maxLength(300));
const address = v.pipe(
  v.string(),
  v.check((given) => parseAddress(given) !== undefined, 'this is no IP address'),
  v.transform((given) => {
    const parsed = parseAddress(given);
    return parsed === undefined ? given : formatAddress(parsed);
  }),
);
const givenName = v.pipe(name, v.trim(), v.minLength(1, 'a name is needed'));
const port = count(65_535);

/** The check of a correction, also used where one is read from the project file. */
export const correctionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('accept'), id }),
  v.strictObject({ kind: v.literal('reject'), id }),
  v.strictObject({ kind: v.literal('rename'), id, name: givenName }),
  v.strictObject({ kind: v.literal('move-member'), address, to: v.nullable(id) }),
  v.strictObject({
    kind: v.literal('add-group'),
    id,
    name: givenName,
    members: list(address),
    parent: v.nullable(id),
  }),
  v.strictObject({ kind: v.literal('merge-groups'), ids: list(id, 1_000), name: givenName }),
  v.strictObject({
    kind: v.literal('split-group'),
    id,
    part: id,
    name: givenName,
    members: list(address),
  }),
  v.strictObject({ kind: v.literal('set-tier'), id, tier: v.nullable(givenName) }),
  v.strictObject({
    kind: v.literal('set-application'),
    id,
    application: v.nullable(givenName),
  }),
  v.strictObject({
    kind: v.literal('declare-vip'),
    address,
    ports: list(
      v.strictObject({ protocol: count(255), port, pool: list(address, 1_000), poolPort: port }),
      100,
    ),
    snat: list(address, 1_000),
  }),
  v.strictObject({
    kind: v.literal('declare-shared'),
    address,
    name: givenName,
    services: list(text, 100),
  }),
  v.strictObject({ kind: v.literal('declare-spurious'), address }),
  v.strictObject({ kind: v.literal('take-members'), id }),
]) satisfies v.GenericSchema<unknown, Correction>;

/** The check of an inventory from outside that is read from the project file. */
export const outsideInventorySchema = v.object({
  id: v.string(),
  file: v.string(),
  format: v.picklist(INVENTORY_FORMATS),
  hash: v.string(),
  notices: v.array(v.string()),
  names: v.record(v.string(), v.string()),
  sets: v.array(
    v.object({
      kind: v.picklist(['group', 'ip-set']),
      name: v.string(),
      members: v.array(v.string()),
      machines: v.exactOptional(v.array(v.string())),
    }),
  ),
}) satisfies v.GenericSchema<OutsideInventory>;

/** The check of a choice of columns. */
export const columnChoice = v.strictObject({
  address: v.pipe(list(name, 20), v.minLength(1)),
  name: v.nullable(name),
  group: v.nullable(name),
}) satisfies v.GenericSchema<ColumnChoice>;
