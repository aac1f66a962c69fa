import assert from "node:assert/strict";
import { test } from "node:test";

const lapses = {
  expired: { columns: ["agreement_expires"], days: 0 },
  stale: { columns: ["last_verified"], days: 180 },
  unverified: { columns: ["last_verified"], days: null },
};
globalThis.window = { ANZHI: { messages: {}, codes: {}, lapses } };
globalThis.document = { documentElement: { lang: "zh-CN" }, getElementById: () => null };
const { lapseOf } = await import("./lapse.js");

test("a date has lapsed the day after its last, and one that nobody wrote down at once", () => {
  const on = "2026-07-01";
  const asked = [
    ["agreement_expires", "2026-07-01", null],
    ["agreement_expires", "2026-06-30", "expired"],
    ["agreement_expires", null, null],
    ["last_verified", "2026-01-02", null],
    ["last_verified", "2026-01-01", "stale"],
    ["last_verified", null, "unverified"],
    ["last_check", "2001-01-01", null],
  ];
  for (const [column, day, told] of asked) assert.equal(lapseOf(column, day, on), told, `${column} ${day}`);
});
