/** A transmission tree as data: who infected whom, what is folded, what a filter finds. No drawing here. */

/** Cases go by number in one installation and by code in another; nothing here counts with them. */
export type Id = number | string;

export interface ChainNode {
  id: Id;
  label: string;
  x: number;
  y: number;
  generation: number;
  state: string;
  onset: string | null;
  url: string;
}

export interface ChainLink {
  from: Id;
  to: Id;
  p: number;
}

export interface ChainData {
  nodes: ChainNode[];
  links: ChainLink[];
  axis: { kind: string; ticks: { x: number; label: string }[] };
}

/** Everything by position in `nodes`, not by id. `order` names infectors before infectees, branch after branch. */
export interface Tree {
  nodes: ChainNode[];
  infector: Int32Array;
  p: Float64Array;
  infectees: number[][];
  order: number[];
  behind: Int32Array;
  generations: number;
}

export function plant(data: ChainData): Tree {
  const { nodes } = data;
  const places = new Map(nodes.map((node, i) => [node.id, i]));
  const infector = new Int32Array(nodes.length).fill(-1);
  const p = new Float64Array(nodes.length);
  for (const link of data.links) {
    const from = places.get(link.from);
    const to = places.get(link.to);
    if (from === undefined || to === undefined || from === to || (infector[to] !== -1 && link.p <= p[to]!)) continue;
    infector[to] = from;
    p[to] = link.p;
  }
  const order = walk(nodes, infector);
  const infectees = nodes.map((): number[] => []);
  for (const i of order) if (infector[i]! >= 0) infectees[infector[i]!]!.push(i);
  const behind = new Int32Array(nodes.length);
  for (let k = order.length - 1; k >= 0; k -= 1) {
    const i = order[k]!;
    if (infector[i]! >= 0) behind[infector[i]!]! += behind[i]! + 1;
  }
  const generations = nodes.reduce((most, node) => Math.max(most, node.generation), 0);
  return { nodes, infector, p, infectees, order, behind, generations };
}

/** Depth first, top to bottom. A circle of links (which no true tree has) is opened at its first node. */
function walk(nodes: ChainNode[], infector: Int32Array): number[] {
  const byRow = nodes.map((_, i) => i).sort((a, b) => nodes[a]!.y - nodes[b]!.y);
  const following = nodes.map((): number[] => []);
  for (const i of byRow) if (infector[i]! >= 0) following[infector[i]!]!.push(i);
  const seen = new Uint8Array(nodes.length);
  const order: number[] = [];
  const from = (root: number): void => {
    const stack = [root];
    while (stack.length > 0) {
      const i = stack.pop()!;
      if (seen[i]) continue;
      seen[i] = 1;
      order.push(i);
      for (let k = following[i]!.length - 1; k >= 0; k -= 1) stack.push(following[i]![k]!);
    }
  };
  for (const i of byRow) if (infector[i]! < 0) from(i);
  for (const i of byRow) {
    if (seen[i]) continue;
    infector[i] = -1;
    from(i);
  }
  return order;
}

export interface Filter {
  state: string;
  text: string;
}

/** Which nodes a filter finds; null when it asks for nothing. */
export function find(tree: Tree, filter: Filter): Uint8Array | null {
  const text = filter.text.trim().toLowerCase();
  if (!filter.state && !text) return null;
  const found = new Uint8Array(tree.nodes.length);
  tree.nodes.forEach((node, i) => {
    const right = (!filter.state || node.state === filter.state) && (!text || node.label.toLowerCase().includes(text));
    found[i] = right ? 1 : 0;
  });
  return found;
}

export interface Folding {
  /** Generations after this one are folded. */
  level: number;
  /** Single nodes folded or unfolded by hand, against the level. */
  byHand: Map<number, boolean>;
}

export interface Arrangement {
  visible: Uint8Array;
  y: Float64Array;
  /** How many are folded behind a visible node. */
  folded: Int32Array;
  n: number;
}

/** What is visible and in which row. With nothing folded the rows are the server's; else they close up. */
export function arrange(tree: Tree, folding: Folding, found: Uint8Array | null): Arrangement {
  const { nodes, order, infector } = tree;
  const wanted = found && found.some(Boolean) && nodes.length > 0 ? withInfectors(tree, found) : null;
  const visible = new Uint8Array(nodes.length);
  let n = 0;
  for (const i of order) {
    const from = infector[i]!;
    const open = from < 0 || (visible[from] === 1 && (isOpen(tree, folding, from, i) || wanted?.[i] === 1));
    visible[i] = open ? 1 : 0;
    n += visible[i]!;
  }
  const folded = new Int32Array(nodes.length);
  for (const i of order) {
    const from = infector[i]!;
    if (!visible[i] && from >= 0 && visible[from]) folded[from]! += tree.behind[i]! + 1;
  }
  return { visible, folded, n, y: rows(tree, visible, n) };
}

function isOpen(tree: Tree, folding: Folding, from: number, i: number): boolean {
  return folding.byHand.get(from) ?? tree.nodes[i]!.generation <= folding.level;
}

function withInfectors(tree: Tree, found: Uint8Array): Uint8Array {
  const wanted = Uint8Array.from(found);
  for (let k = tree.order.length - 1; k >= 0; k -= 1) {
    const i = tree.order[k]!;
    if (wanted[i] && tree.infector[i]! >= 0) wanted[tree.infector[i]!] = 1;
  }
  return wanted;
}

function rows(tree: Tree, visible: Uint8Array, n: number): Float64Array {
  const y = Float64Array.from(tree.nodes, (node) => node.y);
  if (n === tree.nodes.length) return y;
  let row = 0;
  for (const i of tree.order) {
    if (visible[i] && !tree.infectees[i]!.some((k) => visible[k])) y[i] = row++;
  }
  for (let k = tree.order.length - 1; k >= 0; k -= 1) {
    const i = tree.order[k]!;
    const shown = visible[i] ? tree.infectees[i]!.filter((j) => visible[j]) : [];
    if (shown.length > 0) y[i] = (y[shown[0]!]! + y[shown[shown.length - 1]!]!) / 2;
  }
  return y;
}

/**
 * The last generation up to which every label finds a row of its own on a drawing with so many rows. A row is needed by
 * each node that is shown while none of those it infected is: from its own generation until theirs.
 */
export function fittingLevel(tree: Tree, nRows: number): number {
  const change = new Int32Array(tree.generations + 2);
  tree.nodes.forEach((node, i) => {
    const next = tree.infectees[i]!.reduce((least, k) => Math.min(least, tree.nodes[k]!.generation), tree.generations + 1);
    const own = Math.max(0, node.generation);
    change[own]! += 1;
    change[Math.max(next, own)]! -= 1;
  });
  let ends = 0;
  let level = 0;
  for (let generation = 0; generation <= tree.generations; generation += 1) {
    ends += change[generation]!;
    if (ends <= nRows) level = generation;
  }
  return level;
}

export type Step = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End";

/** The node an arrow key leads to; the same one where there is no way on. */
export function step(tree: Tree, shown: Arrangement, at: number, key: Step): number {
  if (at < 0 || !shown.visible[at]) return tree.order.find((i) => shown.visible[i]) ?? -1;
  if (key === "ArrowLeft") return tree.infector[at]! >= 0 ? tree.infector[at]! : at;
  if (key === "ArrowRight") return tree.infectees[at]!.find((i) => shown.visible[i]) ?? at;
  const peers = tree.order.filter((i) => shown.visible[i] && tree.nodes[i]!.generation === tree.nodes[at]!.generation);
  peers.sort((a, b) => shown.y[a]! - shown.y[b]!);
  const place = peers.indexOf(at);
  const next = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: peers.length - 1 }[key];
  return peers[Math.min(peers.length - 1, Math.max(0, next))] ?? at;
}
