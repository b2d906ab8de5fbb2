/** The itinerary of one case: one lane a day, midnight to midnight on the clock of the place. */
import type { Island } from "../islands/mount.ts";
import { html, link, svg } from "../shared/dom.ts";
import { tableToggle } from "../shared/table.ts";
import { say, type Language } from "../shared/words.ts";
import { bars, isWeak, pieces, trackCount, type Bar, type Itinerary } from "./lanes.ts";

const WIDTH = 1000;
const LEFT = 84;
const TOP = 22;
const TRACK = 26;
const SCALE = (WIDTH - LEFT - 8) / 1440;
const LETTER = 13;

export function make(host: HTMLElement, lang: Language): Island<Itinerary> {
  let shown: Itinerary = { days: [], stays: [], window: null };
  const drawing = html("figure", { class: "wide drawing", tabindex: 0 });
  const toggle = tableToggle(
    lang,
    [say("lanes_place", lang), say("lanes_from", lang), say("lanes_until", lang), say("lanes_met", lang), say("lanes_source", lang)],
    () => shown.stays.map((stay) => [link(stay.url, stay.place), told(stay.start), told(stay.end), stay.n_contacts, stay.source]),
  );
  host.replaceChildren(html("div", { class: "controls" }, toggle.button), drawing, legend(lang), toggle.holder);
  return {
    show(data) {
      shown = data;
      drawing.replaceChildren(data.days.length === 0 ? html("p", { class: "empty" }, say("none", lang)) : draw(data, lang));
      toggle.refresh();
    },
    dispose: () => host.replaceChildren(),
  };
}

function told(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function draw(data: Itinerary, lang: Language): SVGSVGElement {
  const all = bars(data);
  const tops: number[] = [];
  let y = TOP;
  data.days.forEach((_, row) => {
    tops.push(y);
    y += TRACK * trackCount(all, row) + 6;
  });
  const places = new Set(data.stays.map((stay) => stay.place)).size;
  const label = say("lanes_label", lang, { n: data.stays.length, places });
  const picture = svg("svg", { class: "lanes", viewBox: `0 0 ${WIDTH} ${y + 4}`, role: "img", "aria-label": label });
  if (data.window) {
    for (const piece of pieces(data.days, data.window[0], data.window[1])) {
      const top = tops[piece.row] ?? 0;
      const height = (tops[piece.row + 1] ?? y) - top;
      picture.append(svg("rect", { class: "window", x: LEFT + piece.from * SCALE, y: top - 3, width: (piece.to - piece.from) * SCALE, height }));
    }
  }
  for (let hour = 0; hour <= 24; hour += 3) {
    const x = LEFT + hour * 60 * SCALE;
    picture.append(svg("line", { class: "rule", x1: x, x2: x, y1: TOP - 4, y2: y }));
    picture.append(svg("text", { class: "soft", x, y: 13, "text-anchor": hour === 24 ? "end" : "middle" }, String(hour)));
  }
  data.days.forEach((day, row) => {
    const top = tops[row] ?? 0;
    picture.append(svg("line", { class: "rule", x1: 0, x2: WIDTH, y1: top - 3, y2: top - 3 }));
    picture.append(svg("text", { x: 0, y: top + 16 }, day));
  });
  for (const bar of all) picture.append(drawBar(bar, tops[bar.row] ?? 0, lang));
  return picture;
}

function drawBar(bar: Bar, top: number, lang: Language): SVGGElement {
  const { stay } = bar;
  const x = LEFT + bar.from * SCALE;
  const width = Math.max(4, (bar.to - bar.from) * SCALE);
  const y = top + bar.track * TRACK;
  const classes = ["stay", isWeak(stay.source) ? "weak" : "", stay.n_contacts > 0 ? "many" : ""].join(" ");
  const met = stay.n_contacts > 0 ? ` ${stay.n_contacts}` : "";
  const title = `${stay.place}, ${told(stay.start)} – ${told(stay.end)}, ${say("lanes_met", lang)} ${stay.n_contacts}, ${stay.source}`;
  const group = svg("g", {}, svg("title", {}, title), svg("rect", { class: classes, x, y, width, height: TRACK - 6, rx: 3 }));
  const fitting = Math.floor((width - 8) / LETTER) - met.length;
  const name = shorten(stay.place, fitting);
  if (name || met) {
    const text = svg("text", { x: x + 4, y: y + 15 }, name);
    if (met && width > 14) text.append(svg("tspan", { class: "met" }, met));
    group.append(text);
  }
  return group;
}

/** A name cut to what fits: wide letters count whole, narrow ones half. */
function shorten(text: string, letters: number): string {
  let room = letters;
  let made = "";
  for (const letter of text) {
    room -= letter.charCodeAt(0) > 0x2e80 ? 1 : 0.55;
    if (room < 0) return made.length > 1 ? `${made.slice(0, -1)}…` : "";
    made += letter;
  }
  return made;
}

function legend(lang: Language): HTMLUListElement {
  const box = (kind: string): SVGSVGElement =>
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("rect", { class: kind, x: 1, y: 3, width: 14, height: 10, rx: 2 }));
  return html(
    "ul",
    { class: "legend" },
    html("li", {}, box("stay"), say("lanes_known", lang)),
    html("li", {}, box("stay many"), say("lanes_many", lang)),
    html("li", {}, box("stay weak"), say("lanes_weak", lang)),
    html("li", {}, box("window"), say("lanes_window", lang)),
  );
}
