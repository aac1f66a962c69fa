// The answer in English has its sentences apart, in Chinese side by side.
import assert from "node:assert/strict";
import test from "node:test";

function page(lang) {
  globalThis.window = { ANZHI: { messages: {}, counts: { singulars: {}, counted: [] } } };
  globalThis.document = { documentElement: { lang }, getElementById: () => null };
}

test("sentences stand apart where the language parts them, and what is not said leaves no gap", async () => {
  page("en");
  const { sentences } = await import("./words.js");
  assert.equal(sentences(["One is there.", "", false, "Two come."]), "One is there. Two come.");
  page("zh-CN");
  const again = await import("./words.js?zh");
  assert.equal(again.sentences(["到了。", null, "两支。"]), "到了。两支。");
});
