import assert from "node:assert/strict";
import { test } from "node:test";

import { Room, textWidth } from "../src/chain/labels.ts";
import { paint, type Look } from "../src/chain/paint.ts";
import { escape, SvgSheet } from "../src/chain/sheets.ts";
import { arrange, find, fittingLevel, plant, step, type ChainData } from "../src/chain/tree.ts";
import { extentOf, fit, reveal, zoom } from "../src/chain/view.ts";

/** 1 infected 2 and 3; 2 infected 4 and 5; 5 infected 6. */
function family(): ChainData {
  const rows: [number, number, number, string][] = [
    [1, 0, 1.5, "confirmed"], [2, 1, 0.5, "confirmed"], [3, 1, 2, "died"], [4, 2, 0, "asymptomatic"], [5, 2, 1, "confirmed"], [6, 3, 1, "died"],
  ];
  const nodes = rows.map(([id, generation, y, state]) =>
    ({ id, label: `C${id}`, x: generation * 3, y, generation, state, onset: "2022-07-03", url: `/cases/${id}/` }));
  const links = [[1, 2], [1, 3], [2, 4], [2, 5], [5, 6]].map(([from, to]) => ({ from: from!, to: to!, p: 0.9 }));
  return { nodes, links, axis: { kind: "onset", ticks: [{ x: 0, label: "07-03" }] } };
}
const ALL = { level: 99, byHand: new Map<number, boolean>() };
const LOOK: Look = { ink: "#000", paper: "#fff", quiet: "#555", rule: "#ccc", edge: "#888", focus: "#00f", marks: {}, letter: 13 };

test("infectors come before those they infected and know how many stand behind them", () => {
  const tree = plant(family());
  assert.deepEqual(tree.order, [0, 1, 3, 4, 5, 2]);
  assert.deepEqual([...tree.behind], [5, 3, 0, 0, 1, 0]);
});

test("of several candidates the most probable one is the infector", () => {
  const data = family();
  data.links.unshift({ from: 3, to: 4, p: 0.2 });
  data.links.push({ from: 3, to: 6, p: 0.95 });
  const tree = plant(data);
  assert.equal(tree.infector[3], 1);
  assert.equal(tree.infector[5], 2);
});

test("links that run in a circle, to oneself or to nobody lose no person", () => {
  const data = family();
  data.links = [{ from: 1, to: 2, p: 1 }, { from: 2, to: 1, p: 1 }, { from: 3, to: 3, p: 1 }, { from: 99, to: 4, p: 1 }];
  const tree = plant(data);
  assert.deepEqual([...tree.order].sort(), [0, 1, 2, 3, 4, 5]);
});

test("folding hides later generations, counts them, and closes the rows up", () => {
  const tree = plant(family());
  const shown = arrange(tree, { level: 1, byHand: new Map() }, null);
  assert.deepEqual([...shown.visible], [1, 1, 1, 0, 0, 0]);
  assert.equal(shown.folded[1], 3);
  assert.deepEqual([shown.y[0], shown.y[1], shown.y[2]], [0.5, 0, 1]);
});

test("with nothing folded the rows are the server's", () => {
  const tree = plant(family());
  assert.deepEqual([...arrange(tree, ALL, null).y], [1.5, 0.5, 2, 0, 1, 1]);
});

test("a fold by hand goes against the level, both ways", () => {
  const tree = plant(family());
  assert.equal(arrange(tree, { level: 1, byHand: new Map([[1, true]]) }, null).n, 5);
  assert.equal(arrange(tree, { level: 99, byHand: new Map([[1, false]]) }, null).n, 3);
});

test("what a filter finds is visible with its infectors, even behind a fold", () => {
  const tree = plant(family());
  const found = find(tree, { state: "", text: "c6" });
  assert.deepEqual([...(found ?? [])], [0, 0, 0, 0, 0, 1]);
  assert.deepEqual([...arrange(tree, { level: 0, byHand: new Map() }, found).visible], [1, 1, 0, 0, 1, 1]);
});

test("state and text both must hold; an empty filter is none", () => {
  const tree = plant(family());
  assert.deepEqual([...(find(tree, { state: "died", text: "C3" }) ?? [])], [0, 0, 1, 0, 0, 0]);
  assert.equal(find(tree, { state: "", text: "  " }), null);
});

test("folding stops at the last generation whose labels find rows", () => {
  const tree = plant(family());
  assert.equal(fittingLevel(tree, 3), 3);
  assert.equal(fittingLevel(tree, 2), 1);
  assert.equal(fittingLevel(tree, 0), 0);
});

test("arrow keys walk to the infector, to those infected, and within a generation", () => {
  const tree = plant(family());
  const shown = arrange(tree, ALL, null);
  assert.equal(step(tree, shown, -1, "ArrowRight"), 0);
  assert.equal(step(tree, shown, 0, "ArrowRight"), 1);
  assert.equal(step(tree, shown, 1, "ArrowDown"), 2);
  assert.equal(step(tree, shown, 2, "ArrowDown"), 2);
  assert.equal(step(tree, shown, 5, "ArrowLeft"), 4);
  assert.equal(step(tree, shown, 0, "ArrowLeft"), 0);
  assert.equal(step(tree, shown, 3, "End"), 4);
});

test("the whole tree lies inside the margins, and a zoom keeps its point", () => {
  const tree = plant(family());
  const shown = arrange(tree, ALL, null);
  const size = { width: 800, height: 400 };
  const extent = extentOf(tree.nodes.map((node) => node.x), shown.y, shown.visible);
  const view = fit(extent, size);
  for (const [x, y] of [[extent.minX, extent.minY], [extent.maxX, extent.maxY]] as const) {
    const at = [x * view.scaleX + view.left, y * view.scaleY + view.top] as const;
    assert.ok(at[0] >= 0 && at[0] <= size.width && at[1] >= 0 && at[1] <= size.height);
  }
  const closer = zoom(view, 1.3, 100, 50, view);
  assert.ok(Math.abs((100 - closer.left) / closer.scaleX - (100 - view.left) / view.scaleX) < 1e-9);
  assert.ok(closer.scaleX > view.scaleX);
});

test("a node outside the sheet is brought in, one inside moves nothing", () => {
  const view = { scaleX: 10, scaleY: 10, left: 0, top: 0 };
  const size = { width: 400, height: 300 };
  assert.deepEqual(reveal(view, 10, 10, size), view);
  const moved = reveal(view, 100, 10, size);
  assert.ok(100 * moved.scaleX + moved.left <= size.width);
});

test("labels never lie on one another", () => {
  const room = new Room();
  assert.equal(room.take(0, 0, 40, 13), true);
  assert.equal(room.take(30, 10, 40, 13), false);
  assert.equal(room.take(41, 0, 40, 13), true);
  assert.ok(textWidth("病例", 13) > textWidth("ab", 13));
});

test("an exported drawing holds every visible label once, as text and never as markup", () => {
  const data = family();
  data.nodes[0]!.label = `<b onclick="x">&'`;
  const tree = plant(data);
  const shown = arrange(tree, ALL, null);
  const size = { width: 800, height: 600 };
  const view = fit(extentOf(tree.nodes.map((node) => node.x), shown.y, shown.visible), size);
  const sheet = new SvgSheet();
  paint(sheet, { tree, axis: data.axis, shown, found: null, view, size, at: -1, look: LOOK });
  const file = sheet.file(800, 600, "#fff", "sans-serif");
  assert.ok(!file.includes("<b "));
  assert.equal(file.split(`>${escape(data.nodes[0]!.label)}</text>`).length, 2);
  for (const node of data.nodes.slice(1)) assert.equal(file.split(`>${node.label}</text>`).length, 2, node.label);
});
