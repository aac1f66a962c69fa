import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf } from "./address.js";

test("names in braces are filled in, whatever they hold", () => {
  assert.equal(addressOf("/api/zones/{zone}", { path: { zone: "a/b?c" } }), "/api/zones/a%2Fb%3Fc");
  assert.equal(addressOf("/api/runs/{run}", { path: { run: 0 } }), "/api/runs/0");
});

test("what is asked is written behind it, several times for several values, nothing for none", () => {
  const query = { hazard: "flood", product: null, limit: 0, colour: ["red", "blue"], overdue: undefined };
  assert.equal(addressOf("/api/zones", { query }), "/api/zones?hazard=flood&limit=0&colour=red&colour=blue");
});

test("an address with a hole is a fault", () => {
  assert.throws(() => addressOf("/api/zones/{zone}"), /without its zone/);
});
