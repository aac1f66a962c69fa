// A joint review: its forms, the scans handed in with it, the sentence it is returned with for completion.
import { Problem, upload } from "../core/api.js";
import { showTroubles } from "../form-errors.js";
import { t } from "../words.js";
import "./forms.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

async function hand(form) {
  const body = new FormData();
  for (const [name, value] of new FormData(form)) {
    const given = typeof value === "string" ? value.trim() : value.size ? value : "";
    if (given) body.append(name, given);
  }
  if (!body.has("file")) return showTroubles(form, [{ field: "file", message: t("请选择扫描件。") }]);
  const { review, seen } = form.dataset;
  await upload("/api/siting/reviews/{number}/documents", body, { path: { number: review }, etag: seen });
  location.assign(`/reviews/${review}`);
}

function tell(form, trouble) {
  const told = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
  showTroubles(form, trouble.errors?.length ? trouble.errors : [{ message: told }]);
}

at("document-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const [button, progress] = [form.querySelector("[type=submit]"), form.querySelector(".form-progress")];
  button.disabled = true;
  progress.textContent = t("正在上传…");
  showTroubles(form, []);
  try {
    await hand(form);
  } catch (trouble) {
    tell(form, trouble);
  } finally {
    button.disabled = false;
    progress.textContent = "";
  }
});

// What was written already stays; the sentence is added below it.
document.querySelector("[data-completion]")?.addEventListener("click", (event) => {
  const { completion } = /** @type {HTMLElement} */ (event.currentTarget).dataset;
  const reason = at("decide-reason");
  if (!reason.value.includes(completion)) reason.value = [reason.value.trim(), completion].filter(Boolean).join("\n");
  at("decide-decision").value = "returned";
  for (const field of [reason, at("decide-decision")]) field.dispatchEvent(new Event("input", { bubbles: true }));
  reason.focus();
});
