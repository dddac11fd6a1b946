/**
 * crds/schemas/*.yaml -> crds/src/*.gen.ts: types, and validators as plain code, so that a process which
 * only checks its input carries no schema compiler. `--verify` writes nothing and fails when a committed
 * file differs from what the schema gives.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';
import { parse } from 'yaml';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Schema {
  [key: string]: Json;
}

const root = join(import.meta.dirname, '../..');
const header = (source: string): string =>
  `// Generated from crds/schemas/${source} by tools/codegen/crd-types.ts: edit that, then \`make codegen\`.\n`;

function isObject(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What OpenAPI in a CRD says beyond JSON schema, in JSON schema. */
function toJsonSchema(node: Json): Json {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (!isObject(node)) return node;
  const out: Schema = {};
  for (const [key, value] of Object.entries(node)) {
    if (!key.startsWith('x-kubernetes-')) out[key] = toJsonSchema(value);
  }
  if (node['x-kubernetes-int-or-string'] === true) out['type'] = ['integer', 'string'];
  return out;
}

/** For types an object has the properties it names and no others, unless the schema keeps unknown ones. */
function closed(node: Json, keeps: Json): Json {
  if (Array.isArray(node))
    return node.map((item, i) => closed(item, Array.isArray(keeps) ? (keeps[i] ?? null) : null));
  if (!isObject(node)) return node;
  const original = isObject(keeps) ? keeps : {};
  const out: Schema = {};
  for (const [key, value] of Object.entries(node)) out[key] = closed(value, original[key] ?? null);
  const open = original['x-kubernetes-preserve-unknown-fields'] === true;
  if (out['type'] === 'object' && out['additionalProperties'] === undefined)
    out['additionalProperties'] = open;
  return out;
}

/** The schema without some keywords; names of properties are not keywords. */
function without(keywords: readonly string[], node: Json, named = false): Json {
  if (Array.isArray(node)) return node.map((item) => without(keywords, item));
  if (!isObject(node)) return node;
  const entries = Object.entries(node).filter(([key]) => named || !keywords.includes(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, without(keywords, value, key === 'properties' && !named)]),
  );
}

function schemaOf(document: Schema): Schema {
  const spec = document['spec'];
  const versions = isObject(spec) ? spec['versions'] : undefined;
  const first = Array.isArray(versions) ? versions[0] : undefined;
  const schema = isObject(first) ? first['schema'] : undefined;
  const openApi = isObject(schema) ? schema['openAPIV3Schema'] : undefined;
  if (!isObject(openApi)) throw new Error('no openAPIV3Schema in the first version');
  return openApi;
}

const objectMeta = { tsType: 'ObjectMeta' };

/** A custom resource with its metadata typed, and names for its two halves. */
async function resourceTypes(name: string, source: string, schema: Schema): Promise<string> {
  const typed = { ...schema, properties: { ...(schema['properties'] as Schema), metadata: objectMeta } };
  const parts = [
    `/** {@link ${name}}.spec */\nexport type ${name}Spec = ${name}['spec'];\n`,
    `/** {@link ${name}}.status */\nexport type ${name}Status = NonNullable<${name}['status']>;\n`,
  ];
  const banner = `${header(source)}import type { ObjectMeta } from '@margay/lib/objects';\n`;
  return `${await types(name, typed, banner)}\n${parts.join('\n')}`;
}

/** Bounds stay with the API server: as types, those of lists would become tuples. */
function types(name: string, schema: Schema, bannerComment: string): Promise<string> {
  const json = without(['maxItems', 'minItems', 'default', 'format'], closed(toJsonSchema(schema), schema));
  return compile(json as Schema, name, { bannerComment, style: { singleQuote: true, printWidth: 110 } });
}

/** One function that checks an unknown value and leaves its findings in `errors`; no import. */
async function validator(source: string, schema: Schema): Promise<string> {
  const ajv = new Ajv({ code: { source: true, esm: true }, allErrors: true, strict: false, messages: true });
  const plain = without(['description', 'default', 'format'], toJsonSchema(schema)) as AnySchema;
  const code = standalone.default(ajv, ajv.compile(plain));
  const bundled = await build({
    stdin: { contents: code, resolveDir: root, loader: 'js' },
    bundle: true,
    format: 'esm',
    write: false,
    legalComments: 'none',
  });
  const text = bundled.outputFiles[0]?.text ?? '';
  return `${header(source)}// @ts-nocheck\n${text}`;
}

async function generate(name: string, source: string, kind: 'crd' | 'plain'): Promise<Map<string, string>> {
  const document = parse(await readFile(join(root, 'crds/schemas', source), 'utf8'), {
    merge: true,
  }) as Schema;
  const schema = kind === 'crd' ? schemaOf(document) : document;
  const base = join(root, 'crds/src', source.replace('.yaml', ''));
  return new Map([
    [
      `${base}.gen.ts`,
      kind === 'crd' ? await resourceTypes(name, source, schema) : await types(name, schema, header(source)),
    ],
    [`${base}-validate.gen.ts`, await validator(source, schema)],
  ]);
}

async function main(): Promise<void> {
  const files = new Map([
    ...(await generate('Installation', 'installation.yaml', 'crd')),
    ...(await generate('NodeDataplane', 'nodedataplane.yaml', 'crd')),
    ...(await generate('AgentConfig', 'agent-config.yaml', 'plain')),
  ]);
  const stale: string[] = [];
  for (const [path, text] of files) {
    const present = await readFile(path, 'utf8').catch(() => '');
    if (present === text) continue;
    if (process.argv.includes('--verify')) stale.push(path);
    else await writeFile(path, text);
  }
  if (stale.length > 0) throw new Error(`stale, run make codegen: ${stale.join(' ')}`);
}

await main();
