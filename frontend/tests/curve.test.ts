import assert from "node:assert/strict";
import { test } from "node:test";

import { incomplete, shortDay } from "../src/curve/curve.ts";

const CURVE = { days: ["2022-07-07", "2022-07-08", "2022-07-09"], by_onset: [1, 2, 3], by_report: [0, 1, 2] };

test("days from the named one on are incomplete, none when nothing is named", () => {
  assert.deepEqual(incomplete({ ...CURVE, incomplete_from: "2022-07-08" }), [false, true, true]);
  assert.deepEqual(incomplete({ ...CURVE, incomplete_from: null }), [false, false, false]);
});

test("the year is said where it changes", () => {
  assert.equal(shortDay("2023-01-01", "2022-12-31"), "2023-01-01");
  assert.equal(shortDay("2022-12-31", "2022-12-30"), "12-31");
});
