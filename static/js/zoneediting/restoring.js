// An older edition put in force once more, by an approver who says why.
import { send } from "../core/api.js";
import { openDialog } from "../core/dialog.js";
import { element, t } from "../words.js";

/** @param {HTMLElement | null} button of the edition its data name; there is none for whoever may not */
export function offerRestoring(button) {
  button?.addEventListener("click", () => ask(Number(button.dataset.edition)));
}

/** @param {number} edition */
function ask(edition) {
  const title = t("恢复第 {number} 版", { number: edition });
  const why = element("input", { id: "restore-why", required: true, maxLength: 500 });
  const trouble = element("p", { className: "trouble", role: "alert", hidden: true });
  const close = element("button", { type: "button", className: "button", textContent: t("取消") });
  const form = element(
    "form",
    { className: "compare-choice" },
    element("label", { htmlFor: "restore-why", textContent: t("恢复的理由") }),
    why,
    close,
    element("button", { type: "submit", className: "button primary", textContent: title }),
  );
  const about = element("p", { textContent: t("启用一个与第 {number} 版内容相同的新版次，立即按它回答；其间的版次仍可查看。", { number: edition }) });
  const dialog = openDialog({ title, parts: [about, form, trouble] });
  close.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { number } = await send("/api/editions/{number}/revert", { reason: why.value.trim() }, { path: { number: edition } });
      location.assign(`/zones/compare?from=${number - 1}&to=${number}`);
    } catch (refusal) {
      trouble.textContent = /** @type {Error} */ (refusal).message;
      trouble.hidden = false;
    }
  });
}
