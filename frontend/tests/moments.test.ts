import assert from "node:assert/strict";
import { test } from "node:test";

import { lateness, remaining, skew, span, wallTime } from "../src/shared/moments.ts";

const NOON = Date.UTC(2022, 6, 3, 12);
const MINUTE = 60_000;

test("a clock is late from the very minute it is due, and soon within the hour before", () => {
  assert.equal(lateness(NOON, NOON), "late");
  assert.equal(lateness(NOON, NOON - 1), "soon");
  assert.equal(lateness(NOON, NOON - 60 * MINUTE), "fine");
});

test("neither remaining time nor lateness is exaggerated", () => {
  assert.equal(remaining(NOON, NOON - 90_000, "en"), "1 min left");
  assert.equal(remaining(NOON, NOON - 20_000, "en"), "less than a minute left");
  assert.equal(remaining(NOON, NOON + 119_000, "en"), "1 min late");
  assert.equal(remaining(NOON, NOON + 185 * MINUTE, "zh"), "已超时 3 小时 5 分钟");
});

test("spans use the two largest units that fit", () => {
  assert.equal(span(59 * MINUTE, "en"), "59 min");
  assert.equal(span(47 * 60 * MINUTE, "en"), "47 h 0 min");
  assert.equal(span(49 * 60 * MINUTE, "en"), "2 d 1 h");
});

test("a browser whose clock is wrong still counts with the server's", () => {
  assert.equal(skew("2022-07-03T12:00:00+00:00", NOON + 5000), 5000);
  assert.equal(skew(undefined, NOON), 0);
  assert.equal(skew("nonsense", NOON), 0);
});

test("the wall time of the place is read as written, whatever the browser's zone", () => {
  assert.deepEqual(wallTime("2022-07-03T23:30:00+08:00"), { day: "2022-07-03", minute: 1410 });
  assert.deepEqual(wallTime("2022-07-03"), { day: "2022-07-03", minute: 0 });
});
