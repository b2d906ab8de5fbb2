/** Areas toned by a count, cases, places and orders as points; the table holds the same for those who see no map. */
import type { FeatureCollection, Geometry } from "geojson";
import { GeoJSONSource, Map as Chart, NavigationControl, Popup, setWorkerUrl, type MapMouseEvent } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";

import type { Island } from "../islands/mount.ts";
import { html, isOwn, link, onThemeChange, svg } from "../shared/dom.ts";
import { tableToggle, type Toggle } from "../shared/table.ts";
import { say, type Language } from "../shared/words.ts";
import { areaLabel, fillColour, icon, style } from "./style.ts";
import { bounds, legendSteps, METRICS, type Metric } from "./tones.ts";

interface Area {
  code: string;
  name: string;
  n_cases: number;
  n_new: number;
  n_contacts: number;
  n_orders: number;
}

interface Point {
  kind: "case" | "place" | "order";
  label: string;
  url: string;
  day: string;
}

export interface Places {
  bounds: [number, number, number, number] | null;
  areas: FeatureCollection<Geometry, Area>;
  points: FeatureCollection<Geometry, Point>;
}

const KINDS = ["case", "place", "order"] as const;
const MOST_ROWS = 500;

setWorkerUrl(new URL(workerUrl, import.meta.url).href);

export function make(host: HTMLElement, lang: Language): Island<Places> {
  return new PlaceMap(host, lang);
}

class PlaceMap implements Island<Places> {
  private readonly lang: Language;
  private readonly canvas = html("div", { class: "canvas map" });
  private readonly key = html("ul", { class: "legend" });
  private readonly toggle: Toggle;
  private readonly chart: Chart | null;
  private readonly forget: () => void;
  private metric: Metric = "n_cases";
  private data: Places | null = null;
  private loaded = false;

  constructor(host: HTMLElement, lang: Language) {
    this.lang = lang;
    this.toggle = this.table();
    const trouble = html("p", { class: "notice warning", hidden: true }, html("p", {}, say("broken", lang)));
    host.replaceChildren(this.controls(), trouble, this.canvas, this.key, this.toggle.holder);
    this.chart = this.open();
    if (!this.chart) {
      trouble.hidden = false;
      this.canvas.hidden = true;
      this.toggle.open();
    }
    this.forget = onThemeChange(() => this.restyle());
  }

  show(data: Places): void {
    const first = this.data === null;
    this.data = data;
    this.toggle.refresh();
    this.legend();
    if (first) this.whole(0);
    this.paint();
  }

  dispose(): void {
    this.forget();
    this.chart?.remove();
  }

  private open(): Chart | null {
    let chart: Chart;
    try {
      chart = new Chart({
        container: this.canvas,
        style: style(this.metric, []),
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        fadeDuration: 0,
        renderWorldCopies: false,
        maxZoom: 18,
      });
    } catch {
      return null;
    }
    chart.touchZoomRotate.disableRotation();
    chart.keyboard.disableRotation();
    chart.addControl(new NavigationControl({ showCompass: false }), "top-right");
    chart.getCanvas().setAttribute("aria-label", say("map_label", this.lang));
    chart.on("style.load", () => {
      for (const kind of KINDS) this.addIcon(chart, kind);
      this.loaded = true;
      this.paint();
    });
    this.popups(chart);
    return chart;
  }

  private addIcon(chart: Chart, kind: string): void {
    const picture = icon(kind);
    if (picture && !chart.hasImage(kind)) chart.addImage(kind, picture);
  }

  private popups(chart: Chart): void {
    const popup = new Popup({ closeButton: false, closeOnClick: false, offset: 12 });
    chart.on("mousemove", "point", (event) => {
      const found = event.features?.[0];
      if (!found || !this.data) return;
      chart.getCanvas().classList.add("over");
      const { kind, label, day } = found.properties as Point;
      popup.setLngLat(event.lngLat).setDOMContent(html("div", {}, `${this.kindWord(kind)} ${label}`, html("div", {}, day ?? ""))).addTo(chart);
    });
    chart.on("mouseleave", "point", () => {
      chart.getCanvas().classList.remove("over");
      popup.remove();
    });
    chart.on("click", "point", (event: MapMouseEvent & { features?: { properties: unknown }[] }) => {
      const { url } = (event.features?.[0]?.properties ?? {}) as Partial<Point>;
      if (url && isOwn(url)) location.assign(url);
    });
  }

  private paint(): void {
    if (!this.loaded || !this.data || !this.chart) return;
    this.chart.getSource<GeoJSONSource>("areas")?.setData(this.data.areas);
    this.chart.getSource<GeoJSONSource>("points")?.setData(this.data.points);
    this.tint();
  }

  private tint(): void {
    if (!this.loaded || !this.chart) return;
    this.chart.setPaintProperty("area", "fill-color", fillColour(this.metric, this.lower()));
    this.chart.setLayoutProperty("name", "text-field", areaLabel(this.metric));
  }

  private restyle(): void {
    if (!this.chart) return;
    this.loaded = false;
    for (const kind of KINDS) if (this.chart.hasImage(kind)) this.chart.removeImage(kind);
    this.chart.setStyle(style(this.metric, this.lower()), { diff: false });
  }

  private whole(duration = 300): void {
    if (!this.data?.bounds || !this.chart) return;
    const [west, south, east, north] = this.data.bounds;
    this.chart.fitBounds([[west, south], [east, north]], { padding: 20, duration });
  }

  private lower(): number[] {
    return bounds(this.data?.areas.features.map((area) => area.properties[this.metric] ?? 0) ?? []);
  }

  private kindWord(kind: string): string {
    return kind === "place" ? say("map_place", this.lang) : kind === "order" ? say("map_order", this.lang) : say("map_case", this.lang);
  }

  private controls(): HTMLElement {
    const choice = html("select", {}, ...METRICS.map((name) => html("option", { value: name }, say(`map_${name}`, this.lang))));
    choice.addEventListener("change", () => {
      this.metric = choice.value as Metric;
      this.legend();
      this.tint();
    });
    const whole = html("button", { type: "button" }, say("map_whole", this.lang));
    whole.addEventListener("click", () => this.whole());
    return html("div", { class: "controls" }, html("label", {}, say("map_colour", this.lang), choice), whole, this.toggle.button);
  }

  private legend(): void {
    const box = (content: SVGElement): SVGSVGElement => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, content);
    const tones = legendSteps(this.lower()).map(({ tone, text }) =>
      html("li", {}, box(svg("rect", { class: `tone-${tone}`, x: 1, y: 2, width: 14, height: 12 })), text));
    const marks = {
      case: svg("circle", { class: "mark-case", cx: 8, cy: 8, r: 6 }),
      place: svg("rect", { class: "mark-place", x: 3, y: 3, width: 10, height: 10 }),
      order: svg("path", { class: "mark-order", d: "M8 1 15 8 8 15 1 8Z" }),
    };
    const kinds = KINDS.map((kind) => html("li", {}, box(marks[kind]), this.kindWord(kind)));
    this.key.replaceChildren(html("li", {}, `${say(`map_${this.metric}`, this.lang)}:`), ...tones, ...kinds);
  }

  private table(): Toggle {
    const { lang } = this;
    const head = [say("map_area", lang), ...METRICS.map((name) => say(`map_${name}`, lang))];
    return tableToggle(lang, head, () => {
      const areas = (this.data?.areas.features ?? []).map(({ properties: area }) =>
        [area.name, ...METRICS.map((name) => area[name] ?? 0)]);
      const points = (this.data?.points.features ?? []).slice(0, MOST_ROWS).map(({ properties: point }) =>
        [html("span", {}, `${this.kindWord(point.kind)} `, link(point.url, point.label), ` ${point.day ?? ""}`), "", "", "", ""]);
      return [...areas, ...points];
    });
  }
}
