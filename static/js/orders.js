// Ordering a grading run and handing in units: the form, the progress of the job, its cancellation.
import { ask, send } from "./api.js";
import { element, t } from "./words.js";

const LOOK_EVERY_MS = 500;
const STEPS = { 读取单元与区划: "读取单元与区划", 量算各灾种面积: "量算各灾种面积", 保存结果: "保存结果" };

export function bindOrders() {
  const form = document.getElementById("run-form");
  if (!form) return;
  const units = [...form.querySelectorAll("[name=unit]")];
  const fit = () => {
    const chosen = units.find((one) => one.checked)?.value;
    for (const field of form.querySelectorAll("[data-for]")) field.hidden = field.dataset.for !== chosen;
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

// A job that was ordered before the page was left is shown again.
async function resume() {
  const { items } = await ask("/api/jobs?limit=20").catch(() => ({ items: [] }));
  const running = items.find((job) => job.kind === "grade" && ["waiting", "running"].includes(job.state));
  if (running) follow(running);
}

async function orderRun(form) {
  const trouble = document.getElementById("run-trouble");
  const chosen = Object.fromEntries(new FormData(form));
  const order = { unit: chosen.unit };
  if (chosen.unit === "grid") order.cell_m = Number(chosen.cell_m);
  if (chosen.unit === "polygons") order.set = Number(chosen.set);
  trouble.hidden = true;
  try {
    await follow(await send("/api/runs", order));
  } catch (problem) {
    trouble.textContent = problem.errors[0]?.message || problem.message;
    trouble.hidden = false;
  }
}

async function follow(ordered) {
  const box = document.getElementById("job");
  const [words, bar, stop] = ["job-words", "job-progress", "job-cancel"].map((id) => document.getElementById(id));
  box.hidden = false;
  document.getElementById("order").open = true;
  stop.hidden = false;
  stop.disabled = false;
  stop.onclick = async () => {
    stop.disabled = true;
    await ask(ordered.links.self, { method: "DELETE" }).catch(() => null);
  };
  let job = ordered;
  while (["waiting", "running"].includes(job.state)) {
    bar.value = job.progress;
    words.textContent = saying(job);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    job = await ask(ordered.links.self);
  }
  bar.value = job.progress;
  words.textContent = saying(job);
  stop.hidden = true;
  if (job.state === "done") location.assign(`/maps/areas?unit=${job.result.unit}&run=${job.result.run}`);
}

function saying(job) {
  if (job.state === "waiting") return t("任务 {id} 正在排队…", { id: job.id });
  if (job.state === "cancelled") return t("任务 {id} 已取消，没有写入任何结果。", { id: job.id });
  if (job.state === "failed") return t("任务 {id} 没有完成：{reason}", { id: job.id, reason: job.error });
  if (job.state === "done") return t("分级完成，正在打开结果…");
  if (job.cancel_asked) return t("正在取消…");
  return t("正在分级：{step}，{share}%", {
    step: t(STEPS[job.step] || "读取单元与区划"),
    share: Math.round(job.progress * 100),
  });
}

async function handIn(form) {
  const report = document.getElementById("units-report");
  report.replaceChildren(t("正在检查文件…"));
  try {
    const kept = await ask("/api/unit-sets", { method: "POST", body: new FormData(form) });
    const choice = document.getElementById("order-set");
    choice.querySelector("option[value='']")?.remove();
    choice.prepend(element("option", { value: String(kept.id), textContent: kept.name }));
    choice.value = String(kept.id);
    const unit = document.querySelector("#run-form [name=unit][value=polygons]");
    unit.checked = true;
    unit.dispatchEvent(new Event("change"));
    const said = t("已保存单元集「{name}」，共 {count} 个单元；可以开始分级。", { name: kept.name, count: kept.units });
    report.replaceChildren(element("p", { textContent: said }), problemList(kept.report.problems));
  } catch (problem) {
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
      element("li", { textContent: `${feature == null ? "" : `#${feature} `}${problem} — ${advice}` }),
    ),
  );
}
