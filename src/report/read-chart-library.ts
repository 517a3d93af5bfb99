// Reads uPlot out of its package, to be put into the page as it is: a report loads nothing.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ChartLibrary } from './html.js';

const require = createRequire(import.meta.url);

let library: ChartLibrary | undefined;

/** The library's script and style, read once. */
export function readChartLibrary(): ChartLibrary {
  const text = (file: string): string => readFileSync(require.resolve(`uplot/dist/${file}`), 'utf8');
  library ??= { script: text('uPlot.iife.min.js'), style: text('uPlot.min.css') };
  return library;
}
