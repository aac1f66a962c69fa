// Buttons that copy what they carry; where the browser lends no clipboard (a page without TLS), by way of a selected field.
import { toast } from "./core/toast.js";
import { element, t } from "./words.js";

// Under a dialog the rest of the page takes no selection, so the field stands beside the button.
async function copyText(text, beside) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = element("textarea", { value: text, readOnly: true, className: "visually-hidden" });
  (beside.closest(".dialog") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("the browser lends no clipboard");
}

document.addEventListener("click", async ({ target }) => {
  const button = /** @type {HTMLElement} */ (target).closest?.("[data-copy]");
  if (!(button instanceof HTMLElement)) return;
  const text = button.dataset.copy || document.getElementById(button.dataset.copyOf || "")?.innerText || "";
  try {
    await copyText(text, button);
    toast(t("已复制"));
  } catch {
    toast(t("浏览器不允许复制；请选中文字后手动复制。"));
  }
});
