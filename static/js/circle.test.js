import assert from "node:assert/strict";
import test from "node:test";
import { circleAround } from "./circle.js";

test("every corner of a circle lies as far from its middle, and the ring is closed", () => {
  const [ring] = circleAround({ lat: 39.3, lng: 99.8 }, 500).coordinates;
  for (const [lon, lat] of ring) {
    const east = (lon - 99.8) * 111_320 * Math.cos((39.3 * Math.PI) / 180);
    assert.ok(Math.abs(Math.hypot(east, (lat - 39.3) * 111_320) - 500) < 0.1);
  }
  assert.deepEqual(ring[0], ring.at(-1));
});
