import { paletteStyle } from './palette.ts'

/** The style of a page: one column, both grounds, A4. */
export function pageStyle(): string {
  return `${paletteStyle()}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--text);-webkit-text-size-adjust:100%}
body{max-width:75rem;margin:0 auto;padding:2rem 1.25rem 3rem;font:16px/1.65 system-ui,-apple-system,"Segoe UI","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.3;margin:0 0 .25rem}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--grid)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
p{margin:.75rem 0;max-width:46rem;white-space:pre-line}
a{color:var(--mark1)}
.subtitle{color:var(--muted);margin:0 0 1.5rem}
.note{border-left:4px solid var(--mark5);padding:.25rem 0 .25rem .9rem}
nav ol{margin:.5rem 0;padding-left:1.5rem;columns:18rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.875rem;line-height:1.45;margin:.75rem 0 1rem;width:100%}
caption{text-align:left;font-weight:600;padding:.25rem 0 .4rem}
th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid)}
thead th{border-bottom:2px solid var(--axis);vertical-align:bottom}
thead th{word-break:keep-all}
th,td{overflow-wrap:normal}
:not(.facts)>tbody>tr>td:first-child{white-space:nowrap}
:not(.facts)>tbody>tr>td:nth-child(2):not(.n){min-width:13em}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead .n{white-space:normal;min-width:5em}
tbody tr:nth-child(even){background:color-mix(in srgb,var(--grid) 35%,transparent)}
.facts{width:auto;min-width:50%}
.facts th{font-weight:400;color:var(--muted);white-space:nowrap}
.source{color:var(--muted);font-size:.8125rem}
figure{margin:1.25rem 0 1.75rem}
figcaption{font-weight:600;margin-bottom:.5rem}
.chart{display:block;width:100%;min-width:44rem;height:auto}
.chart>.f-ground{fill:none}
details{margin:.25rem 0 1rem}
summary{cursor:pointer;color:var(--muted);font-size:.875rem}
footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--grid);color:var(--muted);font-size:.8125rem;white-space:pre-line}
@page{size:A4;margin:16mm 14mm}
@media print{
body{max-width:none;padding:0;font-size:10.5pt}
table{font-size:8.5pt}
th,td{padding:.1rem .5rem}
h2,h3,figcaption,caption{break-after:avoid}
h2{margin-top:1.25rem}
thead{display:table-header-group}
tr,.chart{break-inside:avoid}
.scroll{overflow:visible}
.chart{min-width:0;max-height:245mm}
a{color:inherit}
.data{display:none}
.rest::details-content{content-visibility:visible;display:block;height:auto}
.rest>summary{display:none}
}`
}
