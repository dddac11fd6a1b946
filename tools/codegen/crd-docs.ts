/**
 * crds/schemas/{installation,nodedataplane}.yaml -> docs/reference/*.md: every field with its type, what it may be, and its
 * own description. `--verify` writes nothing and fails when a committed page differs.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

interface Field {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly items?: Field;
  readonly additionalProperties?: Field | boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly { readonly message: string }[];
}

interface Crd {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly [
      { readonly name: string; readonly schema: { readonly openAPIV3Schema: Field } },
    ];
  };
}

const root = join(import.meta.dirname, '../..');

function typeOf(field: Field): string {
  if (field['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (field.type === 'array') return `list of ${typeOf(field.items ?? {})}`;
  if (typeof field.additionalProperties === 'object') return `map of ${typeOf(field.additionalProperties)}`;
  return field.type ?? 'any';
}

function bounds({ minimum, maximum, maxItems }: Field): string {
  const parts = [
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
    maxItems === undefined ? '' : `at most ${maxItems}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function* rows(field: Field, path: string): Generator<string> {
  for (const [name, part] of Object.entries(field.properties ?? {})) {
    const here = path === '' ? name : `${path}.${name}`;
    const values =
      part.enum === undefined ? typeOf(part) : part.enum.map((value) => `\`${value}\``).join(', ');
    const limits = bounds(part);
    const kind = limits === '' ? values : `${values}, ${limits}`;
    const words = (part.description ?? '').replaceAll('|', '\\|');
    yield `| \`${here}\` | ${kind} | ${words} |`;
    yield* rows(part, here);
    if (part.items?.properties !== undefined) yield* rows(part.items, `${here}[]`);
  }
}

function* refusals(field: Field): Generator<string> {
  for (const { message } of field['x-kubernetes-validations'] ?? []) yield message;
  for (const part of Object.values(field.properties ?? {})) yield* refusals(part);
  if (field.items !== undefined) yield* refusals(field.items);
  if (typeof field.additionalProperties === 'object') yield* refusals(field.additionalProperties);
}

function page(source: string, { spec }: Crd): string {
  const [version] = spec.versions;
  const schema = version.schema.openAPIV3Schema;
  const part = (name: string): string => {
    const field = schema.properties?.[name] ?? {};
    const lines = ['| field | type | what it does |', '|---|---|---|', ...rows(field, name)];
    return `## ${name}\n\n${field.description ?? ''}\n\n${lines.join('\n')}\n`;
  };
  const messages = [...new Set(refusals(schema))].map((message) => `- ${message}`);
  const refused =
    messages.length === 0 ? [] : [`## What is refused, and the words for it\n\n${messages.join('\n')}\n`];
  return [
    `<!-- Generated from crds/schemas/${source} by tools/codegen/crd-docs.ts: edit that, then make codegen. -->`,
    `# ${spec.names.kind} (margay.io/${version.name})\n\n${schema.description ?? ''}\n`,
    part('spec'),
    part('status'),
    ...refused,
  ].join('\n');
}

async function main(): Promise<void> {
  for (const source of ['installation.yaml', 'nodedataplane.yaml']) {
    const crd = parse(await readFile(join(root, 'crds/schemas', source), 'utf8'), { merge: true }) as Crd;
    const path = join(root, 'docs/reference', source.replace('.yaml', '.md'));
    const text = page(source, crd);
    const present = await readFile(path, 'utf8').catch(() => '');
    if (present === text) continue;
    if (process.argv.includes('--verify')) throw new Error(`stale, run make codegen: ${path}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

await main();
