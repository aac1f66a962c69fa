import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { debounce } from "./debounce.js";

test("of a burst the last call is made, once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const made = [];
  const later = debounce((word) => made.push(word), 100);
  for (const word of ["a", "ab", "abc"]) {
    later(word);
    context.mock.timers.tick(99);
  }
  assert.deepEqual(made, []);
  context.mock.timers.tick(1);
  assert.deepEqual(made, ["abc"]);
  context.mock.timers.tick(1000);
  assert.deepEqual(made, ["abc"]);
});

test("a call that waits can be made at once or forgotten", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const work = mock.fn();
  const later = debounce(work, 100);
  later(1);
  later.now();
  later.now();
  later(2);
  later.cancel();
  context.mock.timers.tick(1000);
  assert.deepEqual(work.mock.calls.map((call) => call.arguments), [[1]]);
});
