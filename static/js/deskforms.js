// Forms of the desk in dialogs: fields, moments as people write them in Beijing, what went wrong said in the form.
import { Problem } from "./core/api.js";
import { element, t } from "./words.js";

const BEIJING_MS = 8 * 3_600_000;

/** @param {string} words @param {any} properties @param {[string, string][]} [options] those of a choice */
export function fieldOf(words, properties, options) {
  const { list, ...rest } = properties;
  const control = options
    ? element("select", { ...rest }, options.map(([value, name]) => element("option", { value, textContent: name, selected: value === rest.value })))
    : element(rest.rows ? "textarea" : "input", rest.rows ? rest : { type: "text", ...rest });
  if (list) control.setAttribute("list", list);
  return element("label", {}, words, control);
}

/** A moment as an input of day and time holds it, in Beijing. @param {Date} moment */
export function localMoment(moment) {
  return new Date(moment.getTime() + BEIJING_MS).toISOString().slice(0, 16);
}

/** @param {string} written */
export function momentOf(written) {
  return written ? `${written}:00+08:00` : null;
}

/** @param {HTMLElement[]} fields @param {string} does what the button says @returns {any} a form that is bound to what it does */
export function formParts(fields, does) {
  const trouble = element("p", { className: "trouble", role: "alert", hidden: true });
  const cancel = element("button", { type: "button", className: "button", textContent: t("取消") });
  const row = element("div", { className: "row" }, cancel, element("button", { type: "submit", className: "button primary", textContent: does }));
  const form = element("form", { className: "closure-form" }, fields, trouble, row);
  form.bind = (dialog, act) => {
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim() || null]));
      try {
        await act(said);
        dialog.close();
      } catch (why) {
        trouble.textContent = why instanceof Problem ? why.message : t("没有连上服务：{reason}", { reason: why.message });
        trouble.hidden = false;
      }
    });
    form.querySelector("input, select, textarea")?.focus();
  };
  return form;
}
