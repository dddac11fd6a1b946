/** Models -> TypeScript. Pure. */
import type { Family } from './btf-anchor.ts';
import { camel, type Field, type Model, type StructModel } from './btf-model.ts';

const header =
  '// Generated from bpf/abi.h and bpf/reasons.h by tools/codegen/btf-codecs.ts: edit those, then `make codegen`.\n';

const fieldType = (field: Field): string => (field.type.kind === 'bytes' ? 'Uint8Array' : field.type.kind);

function fieldNote(field: Field): string {
  if (field.type.kind !== 'bytes' && field.type.bigEndian)
    return ' // network order in the layout, a plain number here';
  return field.type.kind === 'bytes' ? ' // as in the layout: addresses in network order' : '';
}

function interfaceOf(struct: StructModel): string {
  const fields = struct.fields.map(
    (field) => `  readonly ${field.name}: ${fieldType(field)};${fieldNote(field)}`,
  );
  return `/** struct ${struct.cName} */\nexport interface ${struct.name} {\n${fields.join('\n')}\n}\n`;
}

/** types.gen.ts: what both families share. */
export function emitTypes(model: Model): string {
  const enums = model.enums.map(({ cName, name, values }) => {
    const lines = values.map(([key, value]) => `  ${key}: ${value},`).join('\n');
    const union = `export type ${name} = (typeof ${name})[keyof typeof ${name}];`;
    return `/** enum ${cName} */\nexport const ${name} = {\n${lines}\n} as const;\n${union}\n`;
  });
  const codecs = model.structs.map((struct) => `  readonly ${camel(struct.name)}: Codec<${struct.name}>;`);
  return [
    `${header}import type { Codec } from './codec.ts';\n`,
    `/** MARGAY_LAYOUT_VERSION: part of every pin's path. */\nexport const layoutVersion = ${model.layoutVersion};\n`,
    ...enums,
    ...model.structs.map(interfaceOf),
    `/** The layouts of one address family. */\nexport interface Abi {\n  readonly family: 4 | 6;\n${codecs.join('\n')}\n}\n`,
  ].join('\n');
}

const at = (offset: number): string => (offset === 0 ? 'offset' : `offset + ${offset}`);

/** `Uint16`, `BigUint64`: the DataView methods' common part. */
function accessor(field: Field): string {
  if (field.type.kind === 'bytes') return '';
  const sign = field.type.signed ? 'Int' : 'Uint';
  return field.type.kind === 'bigint' ? `Big${sign}64` : `${sign}${field.type.size * 8}`;
}

function order(field: Field): string {
  if (field.type.kind === 'bytes' || (field.type.kind === 'number' && field.type.size === 1)) return '';
  return field.type.bigEndian ? ', false' : ', littleEndian';
}

function writeField(field: Field): string {
  if (field.type.kind === 'bytes')
    return `putBytes(view, ${at(field.offset)}, value.${field.name}, ${field.type.size});`;
  return `view.set${accessor(field)}(${at(field.offset)}, value.${field.name}${order(field)});`;
}

function readField(field: Field): string {
  if (field.type.kind === 'bytes')
    return `${field.name}: getBytes(view, ${at(field.offset)}, ${field.type.size}),`;
  return `${field.name}: view.get${accessor(field)}(${at(field.offset)}${order(field)}),`;
}

function codecOf(struct: StructModel): string {
  const writes = struct.fields.map((field) => `    ${writeField(field)}`);
  const zeroes = struct.padding.map(({ offset, size }) => `    putZero(view, ${at(offset)}, ${size});`);
  const reads = struct.fields.map((field) => `      ${readField(field)}`);
  return [
    `const ${camel(struct.name)}: Codec<types.${struct.name}> = {`,
    `  name: '${struct.cName}',`,
    `  size: ${struct.size},`,
    `  encode(value, view, offset) {\n${[...writes, ...zeroes].join('\n')}\n  },`,
    `  decode(view, offset) {\n    return {\n${reads.join('\n')}\n    };\n  },`,
    '};\n',
  ].join('\n');
}

/** v4.gen.ts or v6.gen.ts. */
export function emitFamily(model: Model, family: Family): string {
  const body = model.structs.map(codecOf).join('\n');
  const helpers = ['getBytes', 'littleEndian', 'putBytes', 'putZero'].filter((name) => body.includes(name));
  const names = model.structs.map((struct) => `  ${camel(struct.name)},`).join('\n');
  return [
    `${header}import { ${helpers.join(', ')}, type Codec } from './codec.ts';\nimport type * as types from './types.gen.ts';\n`,
    body,
    `/** The layouts of IPv${family}. */\nexport const abi${family}: types.Abi = {\n  family: ${family},\n${names}\n};\n`,
  ].join('\n');
}
