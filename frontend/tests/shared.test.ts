import assert from "node:assert/strict";
import { test } from "node:test";

import { isOwn } from "../src/shared/dom.ts";
import { kept, readCopy, retrySeconds, same } from "../src/shared/drafts.ts";
import { pause } from "../src/shared/source.ts";
import { fill, stateWord } from "../src/shared/words.ts";

test("only addresses of this site become links", () => {
  assert.equal(isOwn("/cases/1/"), true);
  for (const bad of ["//other.example/", "/\\other.example", "https://other.example/", "javascript:alert(1)", ""]) assert.equal(isOwn(bad), false, bad);
});

test("placeholders are filled, unknown ones stay visible", () => {
  assert.equal(fill("{n} of {all}", { n: 3 }), "3 of {all}");
});

test("a state without a word is shown as the data says it", () => {
  assert.equal(stateWord("confirmed", "zh"), "确诊");
  assert.equal(stateWord("strange", "zh"), "strange");
});

test("failures make the questions rarer, at most once a minute, and success brings them back", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map((failures) => pause(8, failures)), [8, 8, 16, 32, 60]);
  assert.deepEqual([1, 2, 9].map(retrySeconds), [2, 4, 60]);
});

test("a kept draft holds no token and no file", () => {
  const entries: [string, FormDataEntryValue][] = [["csrfmiddlewaretoken", "x"], ["story", "text"], ["scan", new File([], "a.png")]];
  assert.deepEqual(kept(entries), [["story", "text"]]);
});

test("drafts are the same only if every field is", () => {
  assert.equal(same([["a", "1"]], [["a", "1"]]), true);
  assert.equal(same([["a", "1"]], [["a", "2"]]), false);
  assert.equal(same([["a", "1"]], [["a", "1"], ["b", ""]]), false);
});

test("a copy that is not one is ignored", () => {
  assert.deepEqual(readCopy(JSON.stringify({ at: 1, entries: [["a", "b"]] })), { at: 1, entries: [["a", "b"]] });
  for (const bad of [null, "", "{", "[]", "{\"at\":1,\"entries\":[[1,2]]}"]) assert.equal(readCopy(bad), null);
});
