// A file of many sites judged in the background: handed in, followed, its answers fetched.
import { codeName } from "./codes.js";
import { read, send, upload } from "./core/api.js";
import { follow, unfinished } from "./jobs.js";
import { sitesTable } from "./batchsites.js";
import { Newest } from "./newest.js";
import { element, t } from "./words.js";

const panel = document.getElementById("batch");
const form = /** @type {HTMLFormElement} */ (document.getElementById("batch-form"));
const box = document.getElementById("batch-job");
const answer = document.getElementById("batch-answer");
const newest = new Newest();
const SHOWN = "sites.geojson"; // what of the answer is shown here

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
  const files = fileLinks(job);
  const refused = t("共 {read} 个地块，筛查 {loaded} 个，退回 {refused} 个。", {
    read: report.features_read,
    loaded: report.features_loaded,
    refused: report.features_refused,
  });
  const told = [
    name && element("h2", { textContent: name }),
    element("p", { textContent: refused }),
    element("ul", { className: "batch-verdicts" }, counts),
    element("div", { className: "actions" }, [...files, reportButton(job, current)]),
    record && element("p", { className: "record", textContent: `${t("登记编号")} ${record.number}` }),
    element("p", { className: "quiet", textContent: t("筛查意见，不替代法定评估") }),
  ];
  answer.replaceChildren(...told.filter(Boolean));
  if (!(SHOWN in job.links.files)) return;
  const sites = await read("/api/jobs/{number}/files/{name}", { path: { number: job.id, name: SHOWN } }).catch(() => null);
  if (!sites || !current()) return;
  const tell = (kind, detail) => panel.dispatchEvent(new CustomEvent(kind, { detail }));
  answer.append(sitesTable(sites, { onMeant: (site) => tell("meant", site), onOpen: (site) => tell("open-site", site) }));
  tell("sites", sites.features);
}

function fileLinks(job) {
  return Object.entries(job.links.files).map(([name, href]) =>
    element("a", { className: "button", href, textContent: name }),
  );
}

// The reports are printed by another job, when somebody wants them.
function reportButton(batch, current) {
  const button = element("button", { type: "button", className: "button", textContent: t("打包报告（ZIP，至多 100 份）") });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const ordered = await send("/api/siting/batch/{number}/reports", undefined, { path: { number: batch.id } });
      const job = await follow(box, ordered, current);
      if (!current() || job.kind !== "write reports") return;
      if (job.state !== "done") {
        button.disabled = false;
        return;
      }
      const { reports, sites } = job.result;
      button.replaceWith(...fileLinks(job));
      answer.append(element("p", { textContent: t("已打印 {reports} 份报告，共 {sites} 个地块；索引见压缩包内的 index.xlsx。", { reports, sites }) }));
    } catch (problem) {
      button.disabled = false;
      if (current()) answer.append(element("p", { className: "trouble", textContent: problem.message }));
    }
  });
  return button;
}
