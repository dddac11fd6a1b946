/**
 * bpf/abi.h and bpf/reasons.h -> agent/src/abi/*.gen.ts, by way of the BTF that clang makes of them, so
 * that the compiler and nobody else decides where a field lies. `--verify` writes nothing and fails when
 * a committed file differs. Needs clang and the addon; no privilege.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readTypes } from './btf-anchor.ts';
import { emitFamily, emitTypes } from './btf-emit.ts';
import { modelOf, shape } from './btf-model.ts';

const root = join(import.meta.dirname, '../..');
const headers = ['bpf/abi.h', 'bpf/reasons.h'].map((path) => join(root, path));

async function generate(): Promise<ReadonlyMap<string, string>> {
  const v4 = modelOf(await readTypes(headers, 4));
  const v6 = modelOf(await readTypes(headers, 6));
  if (shape(v4) !== shape(v6))
    throw new Error('the families differ in more than sizes: one interface cannot serve both');
  return new Map([
    ['types.gen.ts', emitTypes(v4)],
    ['v4.gen.ts', emitFamily(v4, 4)],
    ['v6.gen.ts', emitFamily(v6, 6)],
  ]);
}

const verify = process.argv.includes('--verify');
for (const [name, text] of await generate()) {
  const path = join(root, 'agent/src/abi', name);
  if (!verify) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`agent/src/abi/${name} is stale: run \`make codegen\`\n`);
    process.exitCode = 1;
  }
}
