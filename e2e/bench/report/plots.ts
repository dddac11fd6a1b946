/** Bars with their least and greatest value, as SVG text. */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Spread } from './stats.ts';

/** One picture. */
export interface BarPlot {
  readonly title: string;
  readonly unit: string;
  readonly bars: Readonly<Record<string, Spread>>;
}

const MARGAY = '#c2570c';
const OTHER = '#8a94a6';

function specOf({ title, unit, bars }: BarPlot): TopLevelSpec {
  const values = Object.entries(bars).map(([name, { median, min, max }]) => ({ name, median, min, max }));
  const y = { field: 'name', type: 'nominal', sort: null, title: null } as const;
  const color = {
    condition: { test: "indexof(datum.name, 'Margay') >= 0", value: MARGAY },
    value: OTHER,
  } as const;
  return {
    title: { text: title, anchor: 'start', fontSize: 13 },
    background: 'white',
    width: 460,
    height: { step: 26 },
    data: { values },
    encoding: { y },
    layer: [
      {
        mark: { type: 'bar', height: 16 },
        encoding: { x: { field: 'median', type: 'quantitative', title: unit, scale: { zero: true } }, color },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: { x: { field: 'min', type: 'quantitative' }, x2: { field: 'max' } },
      },
    ],
    config: { font: 'sans-serif', view: { stroke: null } },
  };
}

/** Draws without a browser. */
export async function drawBars(plot: BarPlot): Promise<string> {
  const view = new View(parse(compile(specOf(plot)).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
