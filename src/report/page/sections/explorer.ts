import { html, type Markup } from '../markup.ts'

/** The places that the program in the page fills: timeline, steps, the chosen one, logs. */
export function renderExplorer(): Markup {
  return html`<section id="explorer" aria-label="Timeline, steps and logs">
<noscript><p class="aside">Timeline, steps and logs need JavaScript; everything else is on this page without it.</p></noscript>
<p id="broken" class="error" role="alert" hidden></p>
<div class="bar-of-tools"><h2>Timeline</h2>
<ul class="legend" aria-label="Legend"><li class="k-boot">boot</li><li class="k-up">up</li><li class="k-stop">stop</li><li class="k-wait">wait</li><li class="k-requests">requests</li><li class="k-signal">signal</li><li class="k-finding">known finding</li><li class="k-fault">fault</li></ul>
<span class="aside keys">drag to zoom · <kbd>Shift</kbd> drag to pan · <kbd>Ctrl</kbd> wheel</span>
<span class="buttons"><button type="button" id="zoom-out" aria-label="Zoom out">−</button><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="zoom-all">all</button></span></div>
<div id="lanes" tabindex="0" role="group" aria-label="Processes over time. Left and right move, plus and minus zoom, 0 shows all, up and down choose a step, Z shows it."></div>
<div class="bench">
<section class="pane steps" aria-label="Steps">
<div class="bar-of-tools"><input id="step-search" type="search" placeholder="Filter steps" aria-label="Filter steps"><label class="check-box"><input id="only-bad" type="checkbox"> failed</label></div>
<ul id="tree" role="tree" aria-label="Scenarios and steps"></ul><p id="no-step" class="empty" hidden>No step is like that.</p></section>
<div class="right">
<section id="detail" class="pane" tabindex="0" aria-label="The chosen step"></section>
<section class="pane logs" aria-label="Logs">
<div class="bar-of-tools"><input id="log-search" type="search" placeholder="Search logs, or /pattern/" aria-label="Search logs">
<select id="scope" aria-label="Which lines"><option value="step">during this step</option><option value="view">in the timeline’s view</option><option value="run">the whole run</option></select>
<select id="level" aria-label="Level"><option value="">all levels</option><option value="info">info and above</option><option value="warning">warnings and errors</option><option value="error">errors</option></select>
<details class="menu"><summary id="source-count">all services</summary><div class="menu-body"><button type="button" id="sources-all" class="quiet">all</button> <button type="button" id="sources-none" class="quiet">none</button><ul id="sources"></ul></div></details>
<span id="line-count" class="aside" role="status"></span></div>
<div id="lines" tabindex="0" role="region" aria-label="Log lines"></div><p id="no-line" class="empty" hidden>No line is like that.</p>
<pre id="whole-line" hidden></pre></section></div></div>
<div id="tip" role="presentation" hidden></div><div id="range" hidden></div></section>`
}
