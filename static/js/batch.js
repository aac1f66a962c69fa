// A file of many sites judged in the background: handed in, followed, its answers fetched.
import { codeName } from "./codes.js";
import { upload } from "./core/api.js";
import { follow, unfinished } from "./jobs.js";
import { Newest } from "./newest.js";
import { element, t } from "./words.js";

const panel = document.getElementById("batch");
const form = /** @type {HTMLFormElement} */ (document.getElementById("batch-form"));
const box = document.getElementById("batch-job");
const answer = document.getElementById("batch-answer");
const newest = new Newest();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const current = newest.ask();
  answer.replaceChildren();
  const body = new FormData(form);
  try {
    const ordered = await upload("/api/siting/batch", body);
    if (current()) await showBatch(ordered, current, /** @type {File} */ (body.get("file")).name);
  } catch (problem) {
    if (current()) answer.replaceChildren(element("p", { className: "trouble", textContent: problem.message }));
  }
});

// What was answered on another file or class is no answer to what is chosen now.
form.addEventListener("change", () => answer.replaceChildren());

async function resume() {
  const current = newest.ask();
  const running = await unfinished("check sites");
  if (running && current()) showBatch(running, current);
}

// The tab may be open before this is loaded.
panel.hidden ? panel.addEventListener("shown", resume, { once: true }) : resume();

async function showBatch(ordered, current, name) {
  const job = await follow(box, ordered, current);
  if (!current() || job.kind !== "check sites" || job.state !== "done") return;
  const { verdicts, report, record } = job.result;
  const counts = Object.entries(verdicts).map(([key, count]) =>
    element("li", { textContent: `${codeName("verdict", key)} ${count}` }),
  );
  const files = Object.entries(job.links.files).map(([name, href]) =>
    element("a", { className: "button", href, textContent: name }),
  );
  const refused = t("共 {read} 个地块，筛查 {loaded} 个，退回 {refused} 个。", {
    read: report.features_read,
    loaded: report.features_loaded,
    refused: report.features_refused,
  });
  const told = [
    name && element("h3", { textContent: name }),
    element("p", { textContent: refused }),
    element("ul", { className: "batch-verdicts" }, counts),
    element("div", { className: "actions" }, files),
    record && element("p", { className: "record", textContent: `${t("登记编号")} ${record.number}` }),
    element("p", { className: "quiet", textContent: t("筛查意见，不替代法定评估") }),
  ];
  answer.replaceChildren(...told.filter(Boolean));
}
