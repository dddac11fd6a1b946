// What is committed is what the committed figures give.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VARIANT_TEXT, VARIANTS } from '../rig/rig.ts';
import { documentOf, plotsOf } from './document.ts';
import { drawBars } from './plots.ts';
import type { Bench } from './result.ts';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(docs, path), 'utf8');

test('docs/performance.md and its pictures are those of docs/performance/bench.json', async () => {
  const bench = JSON.parse(await read('performance/bench.json')) as Bench;
  const plots = plotsOf(bench, VARIANTS);
  assert.equal(await read('performance.md'), documentOf(bench, plots, VARIANT_TEXT), 'run `make bench-docs`');
  for (const [name, plot] of plots)
    assert.equal(await read(`performance/${name}`), await drawBars(plot), name);
});
