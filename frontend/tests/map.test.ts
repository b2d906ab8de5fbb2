import assert from "node:assert/strict";
import { test } from "node:test";

import { bounds, legendSteps, tone } from "../src/map/tones.ts";

test("no count has no colour, the largest count the darkest", () => {
  const lower = bounds([0, 1, 2, 3, 5, 8, 13, 200]);
  assert.equal(tone(0, lower), 0);
  assert.equal(tone(200, lower), 5);
  assert.equal(tone(1, lower), 1);
});

test("the steps rise strictly even when nearly all areas hold the same count", () => {
  const lower = bounds([...Array<number>(50).fill(1), 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(lower, [...new Set(lower)].sort((a, b) => a - b));
  assert.equal(tone(7, lower), 5 - (lower.length === 1 ? 2 : 0));
});

test("one value alone takes the middle tone, none no step at all", () => {
  assert.equal(tone(4, bounds([0, 4, 4])), 3);
  assert.deepEqual(bounds([0, 0]), []);
  assert.equal(tone(0, []), 0);
});

test("the legend names every step without gaps", () => {
  assert.deepEqual(legendSteps([1, 2, 5]).map((step) => step.text), ["0", "1", "2–4", "≥ 5"]);
});
