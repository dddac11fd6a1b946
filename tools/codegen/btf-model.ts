/** BTF types -> what is emitted: names, offsets and the TypeScript kind of every field. Pure. */
import type { BtfType } from '@margay/addon/api';

/** How one field is read and written. */
export type FieldKind =
  | {
      readonly kind: 'number';
      readonly size: 1 | 2 | 4;
      readonly signed: boolean;
      readonly bigEndian: boolean;
    }
  | { readonly kind: 'bigint'; readonly signed: boolean; readonly bigEndian: boolean }
  | { readonly kind: 'bytes'; readonly size: number };

export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly type: FieldKind;
}

export interface Padding {
  readonly offset: number;
  readonly size: number;
}

export interface StructModel {
  /** In C. */
  readonly cName: string;
  readonly name: string;
  readonly size: number;
  readonly fields: readonly Field[];
  readonly padding: readonly Padding[];
}

export interface EnumModel {
  readonly cName: string;
  readonly name: string;
  readonly values: readonly (readonly [string, number])[];
}

export interface Model {
  readonly layoutVersion: number;
  readonly structs: readonly StructModel[];
  readonly enums: readonly EnumModel[];
}

type Struct = Extract<BtfType, { kind: 'struct' }>;
type Enum = Extract<BtfType, { kind: 'enum' }>;

const pascal = (words: string): string =>
  words
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** `FrontendKey` -> `frontendKey`. */
export const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** `mg_frontend_key` -> `FrontendKey`. */
const typeName = (cName: string): string => pascal(cName.replace(/^mg_/, ''));

/** What all names share, in whole words; two words at most, so that it does not grow with luck. */
function commonPrefix(names: readonly string[]): string {
  const split = names.map((name) => name.split('_'));
  const most = Math.min(2, ...split.map((words) => words.length - 1));
  let shared = 0;
  while (shared < most && split.every((words) => words[shared] === split[0]?.[shared])) shared++;
  return split[0] === undefined ? '' : split[0].slice(0, shared).join('_') + '_';
}

function enumModel(type: Enum): EnumModel {
  const prefix = commonPrefix(Object.keys(type.values));
  const values = Object.entries(type.values).map(
    ([name, value]) => [pascal(name.slice(prefix.length)), value] as const,
  );
  return { cName: type.name, name: typeName(type.name), values };
}

const bigEndian = (name: string): boolean => /^__be(16|32|64)$/.test(name);

/** Size of an array that is plain bytes: an address (words in network order), or bytes as such. */
function byteArray(type: BtfType): number | undefined {
  if (type.kind !== 'array' || type.element.kind !== 'int') return undefined;
  return bigEndian(type.element.name) || type.element.size === 1 ? type.size : undefined;
}

/** The same, also for a struct of nothing but one such array, as `mg_addr` is. */
function bytesOf(type: BtfType): number | undefined {
  const [only, ...others] = type.kind === 'struct' ? type.members : [];
  return byteArray(only !== undefined && others.length === 0 ? only.type : type);
}

function fieldKind(type: BtfType, where: string): FieldKind {
  const bytes = bytesOf(type);
  if (bytes !== undefined) return { kind: 'bytes', size: bytes };
  const signed = type.kind === 'int' && type.signed;
  const be = type.kind === 'int' && bigEndian(type.name);
  if (type.kind === 'int' || type.kind === 'enum') {
    if (type.size === 8) return { kind: 'bigint', signed, bigEndian: be };
    if (type.size === 1 || type.size === 2 || type.size === 4) {
      return { kind: 'number', size: type.size, signed, bigEndian: be };
    }
  }
  throw new Error(`${where}: no codec for a field of kind ${type.kind}`);
}

function structModel(type: Struct): StructModel {
  const fields: Field[] = [];
  const padding: Padding[] = [];
  let end = 0;
  for (const member of type.members) {
    const where = `${type.name}.${member.name}`;
    if (member.offset !== end)
      throw new Error(`${where}: ${member.offset - end} bytes before it are unnamed`);
    end = member.offset + member.type.size;
    if (/^pad\d*$/.test(member.name)) padding.push({ offset: member.offset, size: member.type.size });
    else
      fields.push({
        name: camel(pascal(member.name)),
        offset: member.offset,
        type: fieldKind(member.type, where),
      });
  }
  if (end !== type.size) throw new Error(`${type.name}: ${type.size - end} bytes at its end are unnamed`);
  return { cName: type.name, name: typeName(type.name), size: type.size, fields, padding };
}

/** What one family's types come to. @throws when a byte of a layout has no name. */
export function modelOf(types: readonly BtfType[]): Model {
  const structs = types
    .filter((type) => type.kind === 'struct')
    .filter((type) => bytesOf(type) === undefined);
  const enums = types.filter((type) => type.kind === 'enum');
  const layout = enums.find((type) => type.name === 'mg_layout')?.values['MG_LAYOUT_VERSION'];
  if (layout === undefined) throw new Error('the layout version did not reach BTF');
  return {
    layoutVersion: layout,
    structs: structs.map(structModel),
    enums: enums.filter((type) => type.name !== 'mg_layout').map(enumModel),
  };
}

/** What both families must have in common for one interface to serve both. */
export function shape(model: Model): string {
  const field = (one: Field): string => `${one.name}:${one.type.kind}`;
  const structs = model.structs.map((one) => `${one.name}{${one.fields.map(field).join(',')}}`);
  return JSON.stringify([model.layoutVersion, structs, model.enums]);
}
