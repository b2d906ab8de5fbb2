/** Who infected whom: a tree of up to tens of thousands of people on one canvas. */
import type { Island } from "../islands/mount.ts";
import { colour, html, isOwn, letterHeight, link, onThemeChange, save } from "../shared/dom.ts";
import { tableToggle, type Cell, type Toggle } from "../shared/table.ts";
import { say, stateWord, type Language } from "../shared/words.ts";
import { controls, type Controls } from "./controls.ts";
import { paint, radius, SHAPES, type Look, type Scene } from "./paint.ts";
import { CanvasSheet, SvgSheet } from "./sheets.ts";
import { watchHands } from "./surface.ts";
import { arrange, find, fittingLevel, plant, step, type Arrangement, type ChainData, type Filter, type Step, type Tree } from "./tree.ts";
import { extentOf, fit, reveal, zoom, type Size, type View } from "./view.ts";

const MOST_ROWS = 500;
const REACH_PX = 12;
const PNG_SCALE = 2;
const STEPS = new Set<string>(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

export function make(host: HTMLElement, lang: Language): Island<ChainData> {
  return new Chain(host, lang);
}

class Chain implements Island<ChainData> {
  private readonly lang: Language;
  private readonly canvas = html("canvas", { class: "tree", tabindex: 0, role: "application" });
  private readonly holder = html("div", { class: "canvas chain" }, this.canvas);
  private readonly told = html("p", { class: "told", "aria-live": "polite" });
  private readonly controls: Controls;
  private readonly toggle: Toggle;
  private readonly watcher: ResizeObserver;
  private readonly forget: () => void;
  private tree: Tree = plant({ nodes: [], links: [], axis: { kind: "", ticks: [] } });
  private axis: ChainData["axis"] = { kind: "", ticks: [] };
  private shown: Arrangement = arrange(this.tree, { level: 0, byHand: new Map() }, null);
  private found: Uint8Array | null = null;
  private filter: Filter = { state: "", text: "" };
  private level: number | null = null;
  private byHand = new Map<number, boolean>();
  private view: View = { scaleX: 1, scaleY: 1, left: 0, top: 0 };
  private wholeView: View = this.view;
  private size: Size = { width: 0, height: 0 };
  private touched = false;
  private at = -1;
  private frame = 0;

  constructor(host: HTMLElement, lang: Language) {
    this.lang = lang;
    this.controls = controls(lang, {
      level: (generations) => this.fold(generations),
      filter: (state, text) => this.search({ state, text }),
      whole: () => this.whole(),
      closer: (factor) => this.zoom(factor, this.size.width / 2, this.size.height / 2),
      save: (form) => void this.save(form),
    });
    this.toggle = this.table();
    this.controls.bar.append(this.toggle.button);
    host.replaceChildren(this.controls.bar, this.holder, this.told, this.controls.key, this.toggle.holder);
    this.hands();
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.holder);
    this.forget = onThemeChange(() => this.draw());
  }

  show(data: ChainData): void {
    const chosen = this.tree.nodes[this.at]?.id;
    const kept = new Map([...this.byHand].map(([i, open]) => [this.tree.nodes[i]?.id, open]));
    const first = this.tree.nodes.length === 0;
    this.tree = plant(data);
    this.axis = data.axis;
    this.at = this.tree.nodes.findIndex((node) => node.id === chosen);
    this.byHand = new Map();
    this.tree.nodes.forEach((node, i) => {
      if (kept.has(node.id)) this.byHand.set(i, kept.get(node.id) ?? true);
    });
    this.measure();
    if (first) this.level = fittingLevel(this.tree, Math.floor(this.size.height / (letterHeight() + 2)));
    const level = this.level ?? this.tree.generations;
    if (level >= this.tree.generations) this.level = null;
    this.controls.offer(this.tree, level);
    this.canvas.setAttribute("aria-label", say("chain_label", this.lang, { n: data.nodes.length }));
    this.told.textContent = data.nodes.length === 0 ? say("none", this.lang) : "";
    this.search(this.filter);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.watcher.disconnect();
    this.forget();
  }

  private fold(generations: number | null): void {
    this.level = generations;
    this.byHand.clear();
    this.arrangeAnew();
    this.whole();
  }

  private search(filter: Filter): void {
    this.filter = filter;
    this.found = find(this.tree, filter);
    this.arrangeAnew();
    if (!this.touched) this.whole();
    else this.draw();
  }

  private arrangeAnew(): void {
    const level = this.level ?? this.tree.generations;
    this.shown = arrange(this.tree, { level, byHand: this.byHand }, this.found);
    const x = Float64Array.from(this.tree.nodes, (node) => node.x);
    this.wholeView = fit(extentOf(x, this.shown.y, this.shown.visible), this.size);
    const matching = this.found ? this.found.reduce((n, hit) => n + hit, 0) : this.shown.n;
    this.controls.count.textContent = say("chain_shown", this.lang, { shown: matching, n: this.tree.nodes.length });
    this.toggle.refresh();
  }

  private whole(): void {
    this.touched = false;
    this.view = this.wholeView;
    this.draw();
  }

  private zoom(factor: number, x: number, y: number): void {
    this.touched = true;
    this.view = zoom(this.view, factor, x, y, this.wholeView);
    this.later();
  }

  private measure(): void {
    this.size = { width: this.holder.clientWidth, height: this.holder.clientHeight };
    const ratio = devicePixelRatio;
    this.canvas.width = Math.round(this.size.width * ratio);
    this.canvas.height = Math.round(this.size.height * ratio);
  }

  private resize(): void {
    if (this.holder.clientWidth === this.size.width && this.holder.clientHeight === this.size.height) return;
    this.measure();
    this.arrangeAnew();
    if (this.touched) this.draw();
    else this.whole();
  }

  private later(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const pen = this.canvas.getContext("2d");
    if (!pen || this.size.width === 0) return;
    const ratio = devicePixelRatio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.size.width, this.size.height);
    paint(new CanvasSheet(pen, font()), this.scene());
  }

  private scene(): Scene {
    const { tree, axis, shown, found, view, size, at } = this;
    return { tree, axis, shown, found, view, size, at, look: look() };
  }

  private async save(form: "svg" | "png"): Promise<void> {
    const { width, height } = this.size;
    const name = `${this.holder.closest("[data-name]")?.getAttribute("data-name") ?? "chain"}.${form}`;
    if (form === "svg") {
      const sheet = new SvgSheet();
      paint(sheet, this.scene());
      save(name, new Blob([sheet.file(width, height, colour("paper"), font())], { type: "image/svg+xml" }));
      return;
    }
    const canvas = html("canvas", { width: width * PNG_SCALE, height: height * PNG_SCALE });
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.scale(PNG_SCALE, PNG_SCALE);
    pen.fillStyle = colour("paper");
    pen.fillRect(0, 0, width, height);
    paint(new CanvasSheet(pen, font()), this.scene());
    canvas.toBlob((content) => content && save(name, content), "image/png");
  }

  private hands(): void {
    watchHands(this.canvas, {
      view: () => this.view,
      moved: (view) => {
        this.touched = true;
        this.view = view;
        this.later();
      },
      zoomed: (factor, x, y) => this.zoom(factor, x, y),
      pointed: (x, y) => this.point(x, y),
      clicked: (x, y) => {
        const i = this.nearest(x, y);
        if (i >= 0) this.open(i);
      },
      left: () => this.canvas.classList.remove("over"),
    });
    this.canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.key(event.key)) return;
      event.preventDefault();
    });
  }

  private key(key: string): boolean {
    const middle = { x: this.size.width / 2, y: this.size.height / 2 };
    if (STEPS.has(key)) this.choose(step(this.tree, this.shown, this.at, key as Step), true);
    else if (key === "Enter" && this.at >= 0) this.open(this.at);
    else if (key === " " && this.at >= 0) this.turn(this.at);
    else if (key === "+" || key === "=") this.zoom(1.5, middle.x, middle.y);
    else if (key === "-") this.zoom(1 / 1.5, middle.x, middle.y);
    else if (key === "0") this.whole();
    else return false;
    return true;
  }

  /** Fold or unfold what is behind a node. */
  private turn(i: number): void {
    this.byHand.set(i, this.shown.folded[i]! > 0);
    this.arrangeAnew();
    this.choose(i, true);
  }

  private point(x: number, y: number): void {
    const i = this.nearest(x, y);
    this.canvas.classList.toggle("over", i >= 0);
    if (i >= 0 && i !== this.at) this.choose(i, false);
  }

  private choose(i: number, follow: boolean): void {
    this.at = i;
    if (i < 0) return;
    if (follow) this.view = reveal(this.view, this.tree.nodes[i]!.x, this.shown.y[i]!, this.size);
    this.told.replaceChildren(this.describe(i));
    this.later();
  }

  private describe(i: number): string {
    const { lang, tree } = this;
    const node = tree.nodes[i]!;
    const from = tree.infector[i]!;
    const p = `${Math.round(tree.p[i]! * 100)} %`;
    const values = { label: node.label, state: stateWord(node.state, lang), generation: node.generation, onset: node.onset || "–" };
    const parts = [
      say("chain_person", lang, values),
      from < 0 ? say("chain_from_none", lang) : say("chain_from", lang, { label: tree.nodes[from]!.label, p }),
      say("chain_infected", lang, { n: tree.infectees[i]!.length }),
    ];
    if (this.shown.folded[i]! > 0) parts.push(say("chain_folded", lang, { n: this.shown.folded[i]! }));
    return parts.join(" · ");
  }

  private nearest(x: number, y: number): number {
    let best = -1;
    let reach = Math.max(REACH_PX, radius(this.view, this.size) + 4);
    this.tree.nodes.forEach((node, i) => {
      if (!this.shown.visible[i]) return;
      const away = Math.hypot(node.x * this.view.scaleX + this.view.left - x, this.shown.y[i]! * this.view.scaleY + this.view.top - y);
      if (away >= reach) return;
      reach = away;
      best = i;
    });
    return best;
  }

  private open(i: number): void {
    const { url } = this.tree.nodes[i]!;
    if (isOwn(url)) location.assign(url);
  }

  private table(): Toggle {
    const { lang } = this;
    const head = (["chain_case", "chain_state", "chain_generation", "chain_onset", "chain_infector", "chain_number"] as const).map((key) => say(key, lang));
    const listed = (): number[] => this.tree.order.filter((i) => (this.found ? this.found[i] : this.shown.visible[i]));
    const rows = (): Cell[][] =>
      listed().slice(0, MOST_ROWS).map((i) => {
        const node = this.tree.nodes[i]!;
        const from = this.tree.nodes[this.tree.infector[i]!];
        const infector = from ? link(from.url, from.label) : "–";
        return [link(node.url, node.label), stateWord(node.state, lang), node.generation, node.onset ?? "–", infector, this.tree.infectees[i]!.length];
      });
    return tableToggle(lang, head, rows, () => (listed().length > MOST_ROWS ? say("chain_more", lang, { n: MOST_ROWS }) : ""));
  }
}

function font(): string {
  return getComputedStyle(document.body).fontFamily;
}

function look(): Look {
  const marks = Object.fromEntries(Object.keys(SHAPES).map((state) => [state, colour(`chain-${state}`)]));
  return { ink: colour("ink"), paper: colour("paper"), quiet: colour("quiet"), rule: colour("rule"), edge: colour("edge"), focus: colour("link"), marks, letter: letterHeight() };
}
