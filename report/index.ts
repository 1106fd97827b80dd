export { type Bar, type BarChart, barChart } from './bar.ts'
export { type Align, columns, fit, pad } from './columns.ts'
export { type CompareChart, type CompareSeries, compareChart } from './compare.ts'
export { type Column, type Grid, numberColumn, textColumn } from './grid.ts'
export { type HeatChart, heatChart } from './heat.ts'
export { type Bins, countBins, type HistogramChart, histogramChart, type Limit, roundBins } from './histogram.ts'
export { type Level, type LineBand, type LineChart, type LineSeries, lineChart } from './line.ts'
export { type LorenzChart, type LorenzSeries, lorenzChart } from './lorenz.ts'
export {
  countText,
  decimalText,
  moneyText,
  NO_NUMBER,
  percentOf,
  percentText,
  pointsText,
  wanYuanText,
  yuanText,
} from './number.ts'
export { type Fact, type Page, page, type Section, type Source } from './page.ts'
export type { Axis } from './plot.ts'
export { createProgress, type Progress, type ProgressOptions, type ProgressStream } from './progress.ts'
export { type Bubble, type QuadrantAxis, type QuadrantChart, quadrantChart } from './quadrant.ts'
export { type RangeChart, type RangeRow, rangeChart } from './range.ts'
export { type StackChart, stackChart } from './stack.ts'
export type { Chart, ChartHead } from './svg.ts'
export { type Terminal, type TerminalOptions, terminalOptions, terminalTable } from './terminal.ts'
export { type TornadoChart, type TornadoRow, tornadoChart } from './tornado.ts'
export { type WaterfallChart, type WaterfallStep, waterfallChart } from './waterfall.ts'
