// The list of drafts: how each stands, and the way into it; a new one is begun with a name.
import { codeName } from "../codes.js";
import { begin, drafts } from "../zoneediting/service.js";
import { element, t } from "../words.js";

const HERE = "Asia/Shanghai"; // days are those of the place

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

function line(draft) {
  const changes = t("新增 {create} 个、修改 {update} 个、删除 {delete} 个区", draft.changes);
  const cells = [
    [t("状态"), element("span", { className: `badge draft-${draft.state}`, textContent: codeName("draft_state", draft.state) })],
    [t("改动"), draft.edition ? t("第 {edition} 版", { edition: draft.edition }) : changes],
    [t("编制人"), draft.authors.join(t("、"))],
    [t("开始于"), new Date(draft.created_at).toLocaleDateString("sv-SE", { timeZone: HERE })],
  ];
  const compared = draft.edition ? null : element("a", { className: "quiet", href: `/zones/delivery?draft=${draft.id}`, textContent: t("与现行版次对照") });
  const head = element("th", { scope: "row" }, element("a", { href: `/zones/edit?draft=${draft.id}`, textContent: draft.name }), " ", compared);
  return element("tr", {}, head, ...cells.map(([title, value]) => {
    const cell = element("td", {}, value);
    cell.dataset.title = title;
    return cell;
  }));
}

async function show() {
  try {
    const { items } = await drafts();
    at("drafts").tBodies[0].replaceChildren(...items.map(line));
    at("drafts-note").textContent = items.length ? "" : t("还没有草稿。");
  } catch (trouble) {
    at("drafts-note").textContent = t("草稿没有读出来：{reason}", { reason: trouble.message });
  } finally {
    at("drafts").ariaBusy = "false";
  }
}

at("begin-draft")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const told = form.querySelector(".trouble");
  try {
    const { id } = await begin(form.elements.name.value.trim());
    location.assign(`/zones/edit?draft=${id}`);
  } catch (trouble) {
    told.textContent = trouble.message;
    told.hidden = false;
  }
});

show();
