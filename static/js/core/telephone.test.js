import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.window = { ANZHI: { messages: {} } };
globalThis.document = { documentElement: { lang: "zh-CN" }, getElementById: () => null };
const { telephonesIn } = await import("./telephone.js");

test("a number is dialled as it is written on any page, and a mask never", () => {
  const cases = JSON.parse(readFileSync(new URL("../../../tests/data/telephones.json", import.meta.url), "utf-8"));
  for (const [written, dialled] of cases) assert.deepEqual(telephonesIn(written).map((one) => one.dialled), dialled, written);
});
