/** Cases by day of onset and of report; days that are still incomplete are hatched, because they are not a decline. */
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import type { Island } from "../islands/mount.ts";
import { colour, html, letterHeight, onThemeChange, svg } from "../shared/dom.ts";
import { tableToggle } from "../shared/table.ts";
import { say, type Language } from "../shared/words.ts";
import { incomplete, shortDay, sum, type Curve } from "./curve.ts";

use([BarChart, AriaComponent, GridComponent, TooltipComponent, CanvasRenderer]);

const HATCH = { symbol: "rect", rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [3, 4], symbolSize: 1 };

export function make(host: HTMLElement, lang: Language): Island<Curve> {
  let shown: Curve = { days: [], by_onset: [], by_report: [], incomplete_from: null };
  const canvas = html("div", { class: "canvas curve", role: "img" });
  const toggle = tableToggle(
    lang,
    [say("curve_day", lang), say("curve_onset", lang), say("curve_report", lang), ""],
    () => {
      const open = incomplete(shown);
      return shown.days.map((day, i) =>
        [day, shown.by_onset[i] ?? 0, shown.by_report[i] ?? 0, open[i] ? say("curve_incomplete", lang) : ""]);
    },
  );
  host.replaceChildren(html("div", { class: "controls" }, toggle.button), canvas, legend(lang), toggle.holder);
  const chart = init(canvas);
  const redraw = (): void => draw(chart, shown, lang);
  const watcher = new ResizeObserver(() => chart.resize());
  watcher.observe(canvas);
  const forget = onThemeChange(redraw);
  return {
    show(data) {
      shown = data;
      canvas.setAttribute("aria-label", label(data, lang));
      redraw();
      toggle.refresh();
    },
    dispose() {
      watcher.disconnect();
      forget();
      chart.dispose();
    },
  };
}

function label(data: Curve, lang: Language): string {
  const since = data.incomplete_from;
  const values = {
    onset: sum(data.by_onset),
    report: sum(data.by_report),
    first: data.days[0] ?? "–",
    last: data.days[data.days.length - 1] ?? "–",
  };
  return since === null ? say("curve_label_complete", lang, values) : say("curve_label", lang, { ...values, since });
}

function draw(chart: ECharts, data: Curve, lang: Language): void {
  const line = colour("rule");
  const size = letterHeight();
  const text = { color: colour("quiet"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const bars = (name: string, counts: number[], fill: string, unfinished: boolean[]): object => ({
    type: "bar",
    name,
    barGap: "8%",
    barCategoryGap: "25%",
    data: counts.map((value, i) => ({
      value,
      itemStyle: unfinished[i]
        ? { color: fill, opacity: 0.75, decal: { ...HATCH, color: colour("paper") } }
        : { color: fill, decal: { symbol: "none" } },
    })),
  });
  chart.setOption({
    animation: !still && data.days.length < 200,
    animationDuration: 200,
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    grid: { left: 8, right: 12, top: 16, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis",
      renderMode: "html",
      backgroundColor: colour("paper"),
      borderColor: colour("edge"),
      textStyle: { ...text, color: colour("ink") },
      axisPointer: { type: "shadow" },
      formatter: (found: unknown) => tip(data, (found as { dataIndex: number }[])[0]?.dataIndex ?? 0, lang),
    },
    xAxis: {
      type: "category",
      data: data.days.map((day, i) => shortDay(day, data.days[i - 1] ?? day)),
      axisLabel: { ...text, hideOverlap: true },
      axisLine: { lineStyle: { color: colour("edge") } },
      axisTick: { show: false },
    },
    yAxis: { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: line } } },
    series: [
      bars(say("curve_onset", lang), data.by_onset, colour("bar-one"), incomplete(data)),
      bars(say("curve_report", lang), data.by_report, colour("bar-two"), []), // a report is counted on its day: it waits for nothing
    ],
  });
}

function tip(data: Curve, i: number, lang: Language): HTMLElement {
  const note = incomplete(data)[i] ? [html("div", {}, say("curve_incomplete", lang))] : [];
  return html(
    "div",
    {},
    html("b", {}, data.days[i] ?? ""),
    html("div", {}, `${say("curve_onset", lang)}: ${data.by_onset[i] ?? 0}`),
    html("div", {}, `${say("curve_report", lang)}: ${data.by_report[i] ?? 0}`),
    ...note,
  );
}

function legend(lang: Language): HTMLUListElement {
  const box = (kind: string): SVGSVGElement => {
    const square = svg("rect", { class: kind, x: 1, y: 2, width: 13, height: 12 });
    const strokes = kind === "bar-open" ? [4, 9, 14].map((x) => svg("line", { class: "hatch", x1: x - 3, y1: 14, x2: x, y2: 2 })) : [];
    return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, square, ...strokes);
  };
  return html(
    "ul",
    { class: "legend" },
    html("li", {}, box("bar-one"), say("curve_onset", lang)),
    html("li", {}, box("bar-two"), say("curve_report", lang)),
    html("li", {}, box("bar-open"), say("curve_incomplete", lang)),
  );
}
