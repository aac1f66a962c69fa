// @ts-check
// The map of the keyboard, shown on "?": what is registered on this page, in the reader's language.
import { element, t } from "../words.js";
import { openDialog } from "./dialog.js";
import { keyboard } from "./keyboard.js";

keyboard.add({ keys: ["?", "Ctrl+/"], title: t("显示本页的键盘操作"), run: () => showKeymap() });
keyboard.add({ keys: ["Tab"], title: t("在按钮、图层、列表之间移动") });
keyboard.add({ keys: ["Esc"], title: t("关闭打开的列表或卡片，放下手中的工具") });

const PLACE = "anzhi-single-keys";

try {
  keyboard.singleKeys = localStorage.getItem(PLACE) !== "off";
} catch {
  keyboard.singleKeys = true; // a browser that keeps nothing
}

/** @param {boolean} on */
function switchSingleKeys(on) {
  keyboard.singleKeys = on;
  try {
    localStorage.setItem(PLACE, on ? "on" : "off");
  } catch {
    // a browser that keeps nothing: it holds for this page
  }
}

export function showKeymap() {
  const rows = keyboard.shortcuts.flatMap(({ keys, title }) => [
    element("dt", {}, ...keys.map((key) => element("kbd", { textContent: key }))),
    element("dd", { textContent: title }),
  ]);
  const close = element("button", { type: "button", className: "button", textContent: t("关闭") });
  const single = element("input", { type: "checkbox", checked: keyboard.singleKeys });
  single.addEventListener("change", () => switchSingleKeys(single.checked));
  const dialog = openDialog({
    title: t("键盘操作"),
    className: "keymap",
    parts: [element("dl", {}, ...rows), element("label", {}, single, " ", t("启用单键快捷键（如 ? 与 /）；关闭后按 Ctrl+/ 打开本列表")), element("div", { className: "row" }, close)],
  });
  close.addEventListener("click", () => dialog.close());
}
