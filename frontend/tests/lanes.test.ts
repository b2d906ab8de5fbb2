import assert from "node:assert/strict";
import { test } from "node:test";

import { bars, isWeak, pieces, trackCount } from "../src/lanes/lanes.ts";

const DAYS = ["2022-07-03", "2022-07-04", "2022-07-05"];
const stay = (start: string, end: string): { place: string; kind: string; start: string; end: string; n_contacts: number; source: string } =>
  ({ place: "a", kind: "home", start, end, n_contacts: 0, source: "interview" });

test("a stay over midnight is drawn in each of its days", () => {
  assert.deepEqual(pieces(DAYS, "2022-07-03T22:00+08:00", "2022-07-05T01:00+08:00"), [
    { row: 0, from: 1320, to: 1440 },
    { row: 1, from: 0, to: 1440 },
    { row: 2, from: 0, to: 60 },
  ]);
});

test("a stay that ends at midnight leaves nothing in the next day", () => {
  assert.deepEqual(pieces(DAYS, "2022-07-03T22:00", "2022-07-04T00:00"), [{ row: 0, from: 1320, to: 1440 }]);
});

test("overlapping stays take different tracks, one after another share one", () => {
  const stays = [stay("2022-07-03T08:00", "2022-07-03T10:00"), stay("2022-07-03T09:00", "2022-07-03T11:00"), stay("2022-07-03T10:00", "2022-07-03T12:00")];
  const all = bars({ days: DAYS, stays, window: null });
  assert.deepEqual(all.map((bar) => bar.track), [0, 1, 0]);
  assert.equal(trackCount(all, 0), 2);
  assert.equal(trackCount(all, 1), 1);
});

test("location data alone is weak evidence, a check-in is not", () => {
  assert.equal(isWeak("location"), true);
  assert.equal(isWeak("checkin"), false);
});
