import assert from "node:assert/strict";
import { test } from "node:test";

const labels = { crs: "坐标系", field: "列名对应（每行一个）" };
globalThis.window = { ANZHI: { messages: {} } };
globalThis.document = {
  documentElement: { lang: "zh-CN" },
  getElementById: () => null,
  querySelector: (asked) => {
    const words = labels[/"(.+)"/.exec(asked)[1]];
    return words ? { textContent: ` ${words} ` } : null;
  },
};
const { onPage } = await import("./optionlabels.js");

test("an option is called by the label of its field, and what is said to the console alone is left out", () => {
  assert.equal(onPage("核实后用 --crs EPSG:4490 指明"), "核实后用 「坐标系」 EPSG:4490 指明");
  assert.equal(onPage("用 --field name=列名 指明"), "用 「列名对应」 name=列名 指明");
  assert.equal(onPage("接受修复（命令行加 --accept-repairs）"), "接受修复");
  assert.equal(onPage("请去掉 --unknown-option"), "请去掉 --unknown-option");
  assert.equal(onPage(undefined), "");
});
