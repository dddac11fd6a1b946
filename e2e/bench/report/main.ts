/** `make bench-docs`: docs/performance.md and its pictures from build/bench/bench.json. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VARIANT_TEXT, VARIANTS } from '../rig/rig.ts';
import { documentOf, plotsOf } from './document.ts';
import { drawBars } from './plots.ts';
import type { Bench } from './result.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const text = await readFile(join(repository, 'build/bench/bench.json'), 'utf8');
const bench = JSON.parse(text) as Bench;
const folder = join(repository, 'docs/performance');
await mkdir(folder, { recursive: true });
const plots = plotsOf(bench, VARIANTS);
for (const [name, plot] of plots) await writeFile(join(folder, name), await drawBars(plot));
await writeFile(join(folder, 'bench.json'), text);
await writeFile(join(repository, 'docs/performance.md'), documentOf(bench, plots, VARIANT_TEXT));
