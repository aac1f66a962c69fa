// Ordering a grading run and handing in units: the form, the progress of the job, its cancellation.
import { send, upload } from "./core/api.js";
import { follow, unfinished } from "./jobs.js";
import { Newest } from "./newest.js";
import { onPage } from "./optionlabels.js";
import { element, t } from "./words.js";

const handedIn = new Newest();

export function bindOrders() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("run-form"));
  if (!form) return;
  const units = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name=unit]"))];
  const fit = () => {
    const chosen = units.find((one) => one.checked)?.value;
    for (const field of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-for]"))) field.hidden = field.dataset.for !== chosen;
  };
  for (const unit of units) unit.addEventListener("change", fit);
  fit();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    orderRun(form);
  });
  document.getElementById("units-form").addEventListener("submit", (event) => {
    event.preventDefault();
    handIn(event.target);
  });
  resume();
}

async function resume() {
  const running = await unfinished("grade");
  if (running) showRun(running);
}

async function orderRun(form) {
  const trouble = document.getElementById("run-trouble");
  const chosen = Object.fromEntries(new FormData(form));
  /** @type {any} */ // which of the three orders it is, the form says; the service refuses any other
  const order = { unit: chosen.unit };
  if (chosen.unit === "grid") order.cell_m = Number(chosen.cell_m);
  if (chosen.unit === "polygons") order.set = Number(chosen.set);
  trouble.hidden = true;
  try {
    await showRun(await send("/api/runs", order));
  } catch (problem) {
    trouble.textContent = problem.errors[0]?.message || problem.message;
    trouble.hidden = false;
  }
}

async function showRun(ordered) {
  /** @type {HTMLDetailsElement} */ (document.getElementById("order")).open = true;
  const job = await follow(document.getElementById("job"), ordered);
  if (job.kind === "grade" && job.state === "done")
    location.assign(`/maps/areas?unit=${job.result.unit}&run=${job.result.run}`);
}

async function handIn(form) {
  const report = document.getElementById("units-report");
  const current = handedIn.ask();
  report.replaceChildren(t("正在检查文件…"));
  try {
    const kept = await upload("/api/unit-sets", new FormData(form));
    if (!current()) return;
    const choice = /** @type {HTMLSelectElement} */ (document.getElementById("order-set"));
    choice.querySelector("option[value='']")?.remove();
    choice.prepend(element("option", { value: String(kept.id), textContent: kept.name }));
    choice.value = String(kept.id);
    const unit = /** @type {HTMLInputElement} */ (document.querySelector("#run-form [name=unit][value=polygons]"));
    unit.checked = true;
    unit.dispatchEvent(new Event("change"));
    const said = t("已保存单元集「{name}」，共 {count} 个单元；可以开始分级。", { name: kept.name, count: kept.units });
    report.replaceChildren(element("p", { textContent: said }), problemList(kept.report.problems));
  } catch (problem) {
    if (!current()) return;
    report.replaceChildren(
      element("p", { className: "trouble", textContent: problem.message }),
      problemList(problem.report?.problems || []),
    );
  }
}

function problemList(problems) {
  return element(
    "ul",
    { className: "problem-list" },
    problems.slice(0, 20).map(({ feature, problem, advice }) =>
      element("li", { textContent: onPage(`${feature == null ? "" : `#${feature} `}${problem} — ${advice}`) }),
    ),
  );
}
