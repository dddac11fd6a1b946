/** Headers -> BTF: an object that does nothing but keep every shared type. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BtfType } from '@margay/addon/api';
import { loadNative } from '@margay/addon/native';

export type Family = 4 | 6;

/** The types that headers define, in their order: `struct mg_addr`. */
export function definedTypes(source: string): string[] {
  return [...source.matchAll(/^(struct|enum) (mg_\w+) \{/gm)].map((match) => `${match[1]} ${match[2]}`);
}

/** A compiler keeps a type in BTF when a variable has it; so each gets one. */
export function anchorSource(headers: readonly string[], types: readonly string[]): string {
  const lines = ['#include <linux/types.h>', ...headers.map((path) => `#include "${path}"`)];
  lines.push('enum mg_layout { MG_LAYOUT_VERSION = MARGAY_LAYOUT_VERSION };');
  [...types, 'enum mg_layout'].forEach((type, i) => lines.push(`${type} anchor_${i};`));
  return lines.join('\n') + '\n';
}

/** The types of the headers as one family sees them, in the order of the headers. */
export async function readTypes(headers: readonly string[], family: Family): Promise<BtfType[]> {
  const names = headers.flatMap((path) => definedTypes(readFileSync(path, 'utf8')));
  const folder = mkdtempSync(join(tmpdir(), 'margay-codegen-'));
  try {
    const source = join(folder, 'anchor.c');
    const object = join(folder, 'anchor.o');
    writeFileSync(source, anchorSource(headers, names));
    const include = `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
    const flags = ['-target', 'bpf', '-g', '-O2', `-DMARGAY_FAMILY=${family}`, include];
    execFileSync(process.env['CLANG'] ?? 'clang-19', [...flags, '-c', source, '-o', object], {
      stdio: 'inherit',
    });
    const found = await loadNative().readBtf(object);
    return [...names, 'enum mg_layout'].map((name) => find(found, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function find(types: readonly BtfType[], name: string): BtfType {
  const type = types.find((one) => one.kind !== 'array' && `${one.kind} ${one.name}` === name);
  if (type === undefined) throw new Error(`${name} did not reach BTF`);
  return type;
}
