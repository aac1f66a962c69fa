import assert from "node:assert/strict";
import { test } from "node:test";
import { Newest } from "./newest.js";

test("only the newest question is current, and the older ones are given up", () => {
  const newest = new Newest();
  const first = newest.ask();
  assert.deepEqual([first(), first.signal.aborted], [true, false]);
  const second = newest.ask();
  assert.deepEqual([first(), first.signal.aborted, second(), second.signal.aborted], [false, true, true, false]);
});
