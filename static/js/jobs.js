// A job followed to its end: its words, its progress bar, its cancel button.
import { read, remove } from "./core/api.js";
import { onPage } from "./optionlabels.js";
import { t } from "./words.js";

const LOOK_EVERY_MS = 500;
const RUNNING = ["waiting", "running"];

// Shows a job in ``box`` until it ends, or another is shown there (``current`` says so), and answers it as it was last.
export async function follow(box, ordered, current = () => true) {
  const [words, bar, stop] = [box.querySelector("p"), box.querySelector("progress"), box.querySelector("button")];
  const at = { path: { number: ordered.id } };
  const show = (job) => {
    bar.value = job.progress;
    words.textContent = saying(job);
    stop.hidden = !RUNNING.includes(job.state);
  };
  box.hidden = false;
  stop.disabled = false;
  stop.onclick = async () => {
    stop.disabled = true;
    await remove("/api/jobs/{number}", at).catch(() => null);
  };
  let job = ordered;
  for (show(job); RUNNING.includes(job.state); show(job)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const seen = current() && (await read("/api/jobs/{number}", at));
    if (!current()) return job;
    job = seen;
  }
  return job;
}

// The newest job of a kind that has not ended: it was ordered before the page was left.
export async function unfinished(kind) {
  const { items } = await read("/api/jobs", { query: { limit: 20 } }).catch(() => ({ items: [] }));
  return items.find((job) => job.kind === kind && RUNNING.includes(job.state));
}

function saying(job) {
  if (job.state === "waiting") return t("任务 {id} 正在排队…", { id: job.id });
  if (job.state === "cancelled") return t("任务 {id} 已取消，没有写入任何结果。", { id: job.id });
  if (job.state === "failed") return t("任务 {id} 没有完成：{reason}", { id: job.id, reason: onPage(job.error) });
  if (job.state === "done") return t("任务 {id} 已完成。", { id: job.id });
  if (job.cancel_asked) return t("正在取消…");
  const step = job.step || t("正在准备");
  return t("{step}，已完成 {share}%", { step, share: Math.round(job.progress * 100) });
}
