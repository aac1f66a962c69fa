// The list of drafts: how each stands, and the way into it; a new one is begun with a name. Below it who decides in whose place.
import { codeName } from "../codes.js";
import { appoint, begin, deputies, drafts, endDeputy } from "../zoneediting/service.js";
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

// A form that is handed in; what is wrong with it stands below it.
function bind(form, send) {
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = form.querySelector(".trouble");
    told.hidden = true;
    try {
      await send(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()])));
    } catch (trouble) {
      told.textContent = trouble.message;
      told.hidden = false;
    }
  });
}

bind(at("begin-draft"), async ({ name }) => location.assign(`/zones/edit?draft=${(await begin(name)).id}`));
bind(at("appoint-deputy"), async (asked) => {
  await appoint(asked);
  await showDeputies();
});

async function showDeputies() {
  const place = at("deputies");
  if (!place) return;
  try {
    const { items } = await deputies();
    const lines = items.filter(({ ended_at, to_on }) => !ended_at && to_on >= new Date().toLocaleDateString("sv-SE", { timeZone: HERE })).map(deputyLine);
    place.replaceChildren(...(lines.length ? lines : [element("li", { className: "quiet", textContent: t("没有设置代理。") })]));
  } catch (trouble) {
    place.replaceChildren(element("li", { className: "trouble", textContent: trouble.message }));
  }
}

function deputyLine({ id, deputy, in_place_of, from_on, to_on, acts_today }) {
  const words = t("{deputy} 代 {name}，{from} 至 {to}", { deputy, name: in_place_of, from: from_on, to: to_on });
  const end = at("appoint-deputy") && element("button", { type: "button", className: "button", textContent: t("结束代理") });
  end?.addEventListener("click", async () => {
    await endDeputy(id).catch(() => null);
    await showDeputies();
  });
  return element("li", {}, element("span", { textContent: words }), acts_today && element("em", { textContent: t("今天生效") }), end);
}

show();
showDeputies();
