"""The page's looks: readable on a screen, on paper, and without colours; nothing is fetched from anywhere."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --ground: #f6f8fa; --good: #116329; --look: #7d4e00;
  --bad: #a40e26; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: var(--ink); margin: 0 auto; padding: 2rem;
  max-width: 70rem; background: white; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .4rem 0; max-width: 62rem; }
.quiet, caption, small { color: var(--soft); }
header p { margin: .2rem 0; }
nav { display: flex; flex-wrap: wrap; margin: .8rem 0 0; font-size: .9rem; }
nav a { margin-right: .9rem; color: #0550ae; text-decoration: none; white-space: nowrap; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 1rem; font-size: .92rem; }
caption { text-align: left; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
thead th { background: var(--ground); font-weight: 600; }
tbody th { font-weight: 500; min-width: 9.5rem; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: .86em ui-monospace, "Cascadia Mono", monospace; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid; border-radius: .7rem; font-size: .82rem;
  font-weight: 600; white-space: nowrap; }
.good { color: var(--good); } .look { color: var(--look); } .bad { color: var(--bad); }
ul.findings { list-style: none; padding: 0; margin: .4rem 0; }
ul.findings li { display: grid; grid-template-columns: 6rem 1fr; gap: .6rem; padding: .3rem 0;
  border-bottom: 1px solid var(--line); }
ul.findings a { color: inherit; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .2rem 1rem; margin: .4rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.box { border: 1px solid var(--line); border-radius: .4rem; padding: .2rem 1rem .6rem; background: var(--ground); }
.bar { display: inline-block; height: .7em; background: #8c959f; vertical-align: middle; }
.sign { height: 2.6rem; }
@media print {
  body { font-size: 10pt; padding: 0; max-width: none; }
  nav { display: none; } h2 { break-after: avoid; } tr, li { break-inside: avoid; } thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
  @page { size: A4; margin: 15mm; }
}
"""
