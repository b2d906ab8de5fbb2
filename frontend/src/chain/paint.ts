/** The drawing of a tree, the same on every sheet. */
import { Room, textWidth } from "./labels.ts";
import type { Shape, Sheet } from "./sheets.ts";
import type { Arrangement, ChainData, Tree } from "./tree.ts";
import { MARGIN, type Size, type View } from "./view.ts";

export interface Look {
  ink: string;
  paper: string;
  quiet: string;
  rule: string;
  edge: string;
  focus: string;
  marks: Record<string, string>;
  /** Height of letters in pixels: larger on a board that is read from afar. */
  letter: number;
}

export interface Scene {
  tree: Tree;
  axis: ChainData["axis"];
  shown: Arrangement;
  found: Uint8Array | null;
  view: View;
  size: Size;
  at: number;
  look: Look;
}

export const SHAPES: Record<string, Shape> = {
  confirmed: "dot",
  suspected: "triangle",
  asymptomatic: "diamond",
  isolated: "square",
  recovered: "ring",
  died: "cross",
  ruled_out: "cross",
};

const NARROW = 500;
const FADED = 0.16;
/** Up to so many marks on the sheet no label may cover one; of more, only the most important are named. */
const MOST_KEPT_CLEAR = 1500;
const MOST_NAMED = 120;
const WEAK_P = 0.5;

export function shapeOf(state: string): Shape {
  return SHAPES[state] ?? "ring";
}

export function paint(sheet: Sheet, scene: Scene): void {
  axis(sheet, scene);
  const inside = onSheet(scene);
  links(sheet, scene, inside);
  marks(sheet, scene, inside);
  path(sheet, scene);
  labels(sheet, scene, inside);
}

function place(scene: Scene, i: number): [number, number] {
  const { view, tree, shown } = scene;
  return [tree.nodes[i]!.x * view.scaleX + view.left, shown.y[i]! * view.scaleY + view.top];
}

/** Radius of a mark: small where rows are close or the sheet is narrow, never below a dot that can be seen. */
export function radius(view: View, size: Size): number {
  return Math.min(size.width < NARROW ? 4 : 6, Math.max(2.2, view.scaleY * 0.42));
}

function onSheet(scene: Scene): number[] {
  const { shown, size, tree } = scene;
  return tree.order.filter((i) => {
    if (!shown.visible[i]) return false;
    const [x, y] = place(scene, i);
    return x > -50 && x < size.width + 50 && y > -20 && y < size.height + 20;
  });
}

function axis(sheet: Sheet, scene: Scene): void {
  const { view, size, look } = scene;
  const lines: number[] = [];
  let free = -Infinity;
  for (const tick of scene.axis.ticks) {
    const x = tick.x * view.scaleX + view.left;
    if (x < 0 || x > size.width) continue;
    const width = textWidth(tick.label, look.letter);
    if (x - width / 2 < free) continue;
    lines.push(x, MARGIN.top - 14, size.height);
    sheet.text(x - width / 2, 2 + look.letter, tick.label, look.letter, { colour: look.quiet, alpha: 1 });
    free = x + width / 2 + 10;
  }
  sheet.verticals(lines, { colour: look.rule, alpha: 1 });
}

function links(sheet: Sheet, scene: Scene, inside: number[]): void {
  const { tree, shown, found, look, size } = scene;
  const groups = { strong: [] as number[], weak: [] as number[], faded: [] as number[] };
  const near = new Uint8Array(tree.nodes.length);
  for (const i of inside) near[i] = 1;
  for (const i of tree.order) {
    const from = tree.infector[i]!;
    if (from < 0 || !shown.visible[i]) continue;
    const [x1, y1] = place(scene, from);
    const [x2, y2] = place(scene, i);
    if (!near[i] && !near[from] && (Math.max(y1, y2) < 0 || Math.min(y1, y2) > size.height)) continue;
    const group = found && !found[i] ? groups.faded : tree.p[i]! < WEAK_P ? groups.weak : groups.strong;
    group.push(x1, y1, x2, y2);
  }
  sheet.curves(groups.faded, { colour: look.edge, alpha: FADED });
  sheet.curves(groups.weak, { colour: look.edge, alpha: 0.8, dashed: true });
  sheet.curves(groups.strong, { colour: look.edge, alpha: 0.8 });
}

function marks(sheet: Sheet, scene: Scene, inside: number[]): void {
  const { tree, found, look, view } = scene;
  const groups = new Map<string, number[]>();
  for (const i of inside) {
    const key = `${tree.nodes[i]!.state} ${found && !found[i] ? "faded" : "full"}`;
    const group = groups.get(key) ?? [];
    group.push(...place(scene, i));
    groups.set(key, group);
  }
  const r = radius(view, scene.size);
  for (const [key, places] of groups) {
    const [state, strength] = key.split(" ") as [string, string];
    const alpha = strength === "faded" ? FADED : 1;
    sheet.marks(shapeOf(state), places, r, { colour: look.marks[state] ?? look.edge, alpha, width: Math.max(1, r / 3) });
  }
}

/** The way from the chosen node back to the first case. */
function path(sheet: Sheet, scene: Scene): void {
  const { at, tree, shown, look, view } = scene;
  if (at < 0 || !shown.visible[at]) return;
  const ends: number[] = [];
  for (let i = at; tree.infector[i]! >= 0; i = tree.infector[i]!) ends.push(...place(scene, tree.infector[i]!), ...place(scene, i));
  sheet.curves(ends, { colour: look.focus, alpha: 1, width: 2.5 });
  sheet.marks("ring", place(scene, at), radius(view, scene.size) + 4, { colour: look.focus, alpha: 1, width: 2.5 });
}

function labels(sheet: Sheet, scene: Scene, inside: number[]): void {
  const { tree, shown, found, look, view, at } = scene;
  const room = new Room();
  const { letter } = look;
  const r = radius(view, scene.size);
  if (inside.length <= MOST_KEPT_CLEAR) {
    for (const i of inside) {
      const [x, y] = place(scene, i);
      room.take(x - r, y - r, 2 * r, 2 * r);
    }
  }
  const write = (i: number): void => {
    const [x, y] = place(scene, i);
    const behind = shown.folded[i]!;
    const words = behind > 0 ? `${tree.nodes[i]!.label} +${behind}` : tree.nodes[i]!.label;
    if (y < MARGIN.top - 6 || !room.take(x + r + 3, y - letter / 2, textWidth(words, letter) + 6, letter)) return;
    sheet.text(x + r + 4, y + letter * 0.36, words, letter, { colour: behind > 0 ? look.focus : look.ink, alpha: 1, rim: look.paper });
  };
  if (at >= 0 && shown.visible[at]) write(at);
  const worth = inside.filter((i) => i !== at && (!found || found[i]));
  worth.sort((a, b) => tree.nodes[a]!.generation - tree.nodes[b]!.generation || tree.behind[b]! - tree.behind[a]!);
  for (const i of inside.length > MOST_KEPT_CLEAR ? worth.slice(0, MOST_NAMED) : worth) write(i);
}
