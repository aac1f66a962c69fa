// Somebody else wrote in between: both values of every field side by side, one of them to be chosen, nothing typed lost.
import { openDialog } from "./core/dialog.js";
import { compare } from "./core/merge.js";
import { codeName } from "./codes.js";
import { textOf } from "./formdraft.js";
import { element, t } from "./words.js";

/**
 * @param {any} draft
 * @param {{mine: any, theirs: any}} conflict
 * @returns {Promise<string[] | null>} the fields in which the others' value is taken; null where nothing is decided
 */
export function settle(draft, { mine, theirs }) {
  const { fields } = draft.told;
  const found = compare({ names: fields.map(({ name }) => name), base: draft.values.base, mine, theirs });
  const fieldOf = (name) => fields.find((field) => field.name === name);
  return new Promise((resolve) => {
    const form = element(
      "form",
      {},
      ...found.both.map((name) => choice(draft.form, fieldOf(name), mine[name], theirs[name])),
      found.theirs.length ? taken(draft.form, found.theirs.map(fieldOf), theirs) : null,
    );
    const later = element("button", { type: "button", className: "button", textContent: t("先不保存") });
    const decide = element("button", { type: "submit", className: "button primary", textContent: t("按所选保存") });
    form.append(element("div", { className: "row" }, later, decide));
    let chosen = null;
    const dialog = openDialog({
      title: t("别人刚修改过这一条"),
      className: "conflict",
      parts: [element("p", { textContent: t("您填写的内容都还在。请逐项选定保留哪一个，再保存。") }), form],
      onClose: () => resolve(chosen),
    });
    later.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const picked = new FormData(form);
      chosen = [...found.theirs, ...found.both.filter((name) => picked.get(name) === "theirs")];
      dialog.close();
    });
  });
}

function choice(form, field, mine, theirs) {
  const line = (whose, words, value) =>
    element(
      "label",
      {},
      element("input", { type: "radio", name: field.name, value: whose, required: true }),
      element("b", { textContent: shown(form, field, value) }),
      element("small", { textContent: words }),
    );
  return element(
    "fieldset",
    { "data-both": field.name },
    element("legend", { textContent: titleOf(form, field) }),
    element("div", { className: "both" }, line("mine", t("我填写的"), mine), line("theirs", t("现在登记的"), theirs)),
  );
}

function taken(form, fields, theirs) {
  const lines = fields.flatMap((field) => [
    element("dt", { textContent: titleOf(form, field) }),
    element("dd", { textContent: shown(form, field, theirs[field.name]) }),
  ]);
  return element(
    "fieldset",
    {},
    element("legend", { textContent: t("对方还修改了这些，您没有改动，将照此保留：") }),
    element("dl", { className: "facts" }, ...lines),
  );
}

function placeOf(form, { name }) {
  return form.querySelector(`[data-field="${name}"]`);
}

function titleOf(form, field) {
  return placeOf(form, field).dataset.title;
}

// A value as the form would show it.
function shown(form, field, value) {
  if (field.kind === "flag") return codeName("yes_or_no", value ? "yes" : "no");
  const text = textOf(field, value);
  if (field.kind === "several") {
    const boxes = [...placeOf(form, field).querySelectorAll("input")].filter((box) => text.split("\n").includes(box.value));
    return boxes.map((box) => box.parentElement.textContent.trim()).join(t("、")) || t("未注明");
  }
  const option = [...placeOf(form, field).querySelectorAll("option")].find((one) => one.value === text);
  return (text && (option?.textContent ?? text)) || t("未注明");
}
