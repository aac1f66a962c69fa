import assert from "node:assert/strict";
import { test } from "node:test";
import { questionOf, readIncident, writeIncident } from "./incident.js";

test("an address comes back as it was written, and what else stood in it stays", () => {
  const values = { place: { lon: 99.8, lat: 39.33, name: "a & b", converted: "gcj02" }, incident: "fire", condition: "", case: "7" };
  const address = writeIncident(values, "lang=en&lon=1&lat=2&condition=gale");
  assert.equal(new URLSearchParams(address).get("lang"), "en");
  const { place, incident, condition, case: number } = readIncident(`?${address}`);
  assert.deepEqual({ place, incident, condition, case: number }, values);
});

test("a place that is none is no place", () => {
  for (const address of ["", "?lon=99", "?lon=a&lat=b", "?lon=181&lat=3", "?lon=&lat="])
    assert.equal(readIncident(address).place, null);
  assert.equal(writeIncident({ place: null, incident: "", condition: "" }, ""), "");
});

test("only what was said is asked", () => {
  const place = { lon: 1, lat: 2, name: "x" };
  assert.deepEqual(questionOf({ place, incident: "", condition: "ice" }, 9), { lon: 1, lat: 2, k: 9, condition: "ice" });
  assert.deepEqual(questionOf({ place, incident: "fire", level: "third", case: "7" }, 9), { lon: 1, lat: 2, k: 9, incident: "fire", level: "third", case: "7" });
});
