/** Buttons, filters and the key above and below the tree. */
import { html, svg } from "../shared/dom.ts";
import { say, stateWord, type Key, type Language } from "../shared/words.ts";
import { shapeOf } from "./paint.ts";
import type { Tree } from "./tree.ts";

export interface Acts {
  level(generations: number | null): void;
  filter(state: string, text: string): void;
  whole(): void;
  closer(factor: number): void;
  save(form: "svg" | "png"): void;
}

export interface Controls {
  bar: HTMLElement;
  key: HTMLUListElement;
  count: HTMLElement;
  /** Offer what this tree has: its generations and its states. */
  offer(tree: Tree, level: number): void;
  levelIs(level: number): void;
}

export function controls(lang: Language, acts: Acts): Controls {
  const levels = html("select");
  const states = html("select");
  const text = html("input", { type: "text", size: 8, autocomplete: "off" });
  const key = html("ul", { class: "legend" });
  const count = html("span", { class: "quiet", role: "status" });
  const filter = (): void => acts.filter(states.value, text.value);
  levels.addEventListener("change", () => acts.level(levels.value === "" ? null : Number(levels.value)));
  states.addEventListener("change", filter);
  text.addEventListener("input", filter);
  const button = (word: string, act: () => void, label?: string): HTMLButtonElement => {
    const made = html("button", { type: "button", "aria-label": label, title: label }, word);
    made.addEventListener("click", act);
    return made;
  };
  const named = (name: Key, field: HTMLElement): HTMLElement => html("label", {}, say(name, lang), field);
  const bar = html(
    "div",
    { class: "controls" },
    named("chain_generations", levels),
    named("chain_state", states),
    named("chain_find", text),
    button("+", () => acts.closer(1.5), say("chain_closer", lang)),
    button("−", () => acts.closer(1 / 1.5), say("chain_farther", lang)),
    button(say("chain_fit", lang), () => acts.whole()),
    button("SVG", () => acts.save("svg"), say("chain_save", lang, { form: "SVG" })),
    button("PNG", () => acts.save("png"), say("chain_save", lang, { form: "PNG" })),
    count,
  );
  return {
    bar,
    key,
    count,
    levelIs: (level) => {
      levels.value = [...levels.options].some((option) => option.value === String(level)) ? String(level) : "";
    },
    offer(tree, level) {
      const upTo = Array.from({ length: tree.generations }, (_, n) => html("option", { value: n }, say("chain_to", lang, { n })));
      levels.replaceChildren(...upTo, html("option", { value: "" }, say("chain_all", lang)));
      levels.value = level >= tree.generations ? "" : String(level);
      const present = [...new Set(tree.nodes.map((node) => node.state))].sort();
      const chosen = states.value;
      states.replaceChildren(html("option", { value: "" }, say("chain_any", lang)));
      for (const state of present) states.append(html("option", { value: state }, stateWord(state, lang)));
      states.value = present.includes(chosen) ? chosen : "";
      key.replaceChildren(...present.map((state) => html("li", {}, sample(state), stateWord(state, lang))), weak(lang));
    },
  };
}

function sample(state: string): SVGSVGElement {
  const paths: Record<ReturnType<typeof shapeOf>, string> = {
    dot: "M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
    ring: "M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
    square: "M3 3h10v10H3Z",
    diamond: "M8 1 15 8 8 15 1 8Z",
    triangle: "M8 2 14 13H2Z",
    cross: "M3 3 13 13M13 3 3 13",
  };
  const shape = shapeOf(state);
  const kind = `chain-${state} ${shape === "ring" || shape === "cross" ? "line" : "solid"}`;
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "sample" }, svg("path", { class: kind, d: paths[shape] }));
}

function weak(lang: Language): HTMLLIElement {
  const line = svg("line", { class: "edge", x1: 0, x2: 16, y1: 8, y2: 8, "stroke-dasharray": "4 3" });
  return html("li", {}, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, line), say("chain_weak", lang));
}

