// The page on which zones are edited: the draft in hand, its map and tools, its panel.
import { codeName } from "../codes.js";
import { mountMap } from "../core/page.js";
import { toast } from "../core/toast.js";
import { PlaceFinder } from "../placefinder.js";
import { remoteSources } from "../sources.js";
import { bindTabs } from "../tabs.js";
import { t } from "../words.js";
import { Attributes } from "../zoneediting/attributes.js";
import { ZoneCanvas } from "../zoneediting/canvas.js";
import { Conflicts } from "../zoneediting/conflicts.js";
import { Gestures } from "../zoneediting/gestures.js";
import { GradeKey } from "../zoneediting/gradekey.js";
import { HandIn } from "../zoneediting/handin.js";
import { Moving } from "../zoneediting/moving.js";
import { ImpactPanel } from "../zoneediting/impactpanel.js";
import { Pins } from "../zoneediting/pins.js";
import { Pointer } from "../zoneediting/pointer.js";
import { Presence } from "../zoneediting/presence.js";
import { ProblemPanel } from "../zoneediting/problempanel.js";
import { References } from "../zoneediting/references.js";
import { Reshaping } from "../zoneediting/reshaping.js";
import { Selecting } from "../zoneediting/selecting.js";
import { DraftService } from "../zoneediting/service.js";
import { Sketching } from "../zoneediting/sketching.js";
import { Standing } from "../zoneediting/standing.js";
import { TypedLine } from "../zoneediting/typedline.js";
import { VertexBox } from "../zoneediting/vertexbox.js";
import { Work } from "../zoneediting/work.js";
import { ZoneList } from "../zoneediting/zonelist.js";

const HINTS = {
  pan: () => t("单击选择区，按住 Shift 再选几个；然后选工具。"),
  reshape: () => t("拖动顶点，相邻的区一起动；拖动边加顶点；右键单击顶点删除；按住 Alt 只动本区。"),
  course: () => t("从所选区的边界上起笔，画到边界上另一处；双击或 Enter 完成。"),
  draw: () => t("逐点单击，双击或 Enter 闭合；Backspace 撤销一点。"),
  split: () => t("画一条线穿过区，两端画到边界以外；双击或 Enter 完成。"),
  hole: () => t("在所选区内逐点单击，双击或 Enter 闭合。"),
  part: () => t("在所选区以外逐点单击，双击或 Enter 闭合，作为它的另一块。"),
  move: () => t("拖动所选的区，或用方向键移动；相邻的区不动。按住顶点拖动时吸附。"),
};

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

const told = (name) => /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name=${name}]`))?.content ?? "";

export function attach(map, { legend }) {
  return mountMap(map, { legend, sources: remoteSources() }, async (page) => {
    const reader = { name: told("reader"), roles: [told("role"), told("acting")] };
    const service = new DraftService(Number(new URLSearchParams(location.search).get("draft")));
    const work = new Work({ service, reader: reader.name });
    const editor = tools({ ...page, work, reader });
    await Promise.all([page.ground().then(() => page.readable()), work.open(theme())]);
    showDraft(editor);
    editor.problems.ask();
    await offerKept(work);
  });
}

function tools(page) {
  const { map, modes, work, legend, reader } = page;
  const tell = (words) => words && toast(words);
  const canvas = new ZoneCanvas({ map, work, legend });
  const pointer = new Pointer({ map, work, canvas, references: new References({ modes }), snapButton: at("snap") });
  const hands = { map, modes, work, canvas, pointer, tell, legend };
  const sketching = new Sketching({ ...hands, traceButton: at("trace") });
  const reshaping = new Reshaping({ ...hands, detachButton: at("detach") });
  new Gestures({ ...hands, sketching, reshaping, moving: new Moving(hands), toolbar: at("editing-tools"), board: map.getContainer() });
  new Selecting({ ...hands, chooses: (active) => ["pan", "reshape", "move"].includes(active) });
  new VertexBox({ place: at("vertex-box"), work, reshaping, modes });
  new ZoneList({ place: at("zone-list"), work, pointer, legend });
  new Attributes({ form: at("attributes"), work, legend });
  new TypedLine({ form: at("typed-line"), sketching, modes, tell });
  new Conflicts({ work });
  new GradeKey({ place: at("map-key"), work, legend });
  const problems = new ProblemPanel({ ...hands, place: at("panel-problems"), tab: at("tab-problems") });
  const handIn = new HandIn({ place: at("panel-handin"), work, tell, reader, map });
  new ImpactPanel({ place: at("panel-impact"), map, work });
  new Pins({ map, work });
  new Presence({ place: at("presence"), work });
  new Standing({ place: at("draft-standing"), ground: at("theme-ground"), work, tell });
  const editor = { ...hands, problems, handIn };
  follow(editor);
  bindTabs(at("editing-tabs"));
  new PlaceFinder(page);
  return editor;
}

// What the page says of the draft follows the draft.
function follow(editor) {
  const { work, modes, pointer, tell, map } = editor;
  work.store.watch(["draft", "saving", "unsent", "theme"], () => showDraft(editor));
  work.addEventListener("refused", ({ detail }) => {
    tell(detail.message);
    if (detail.location) pointer.bring(detail.location);
  });
  work.addEventListener("lead", ({ detail: { place, zones } }) => {
    work.select(zones);
    place ? map.setView([place[1], place[0]], Math.max(map.getZoom(), 16), { animate: false }) : pointer.show(zones);
  });
  work.addEventListener("answered", ({ detail }) => showDone(editor, detail));
  modes.addEventListener("change", () => showHint(modes));
  at("theme").addEventListener("change", () => {
    modes.stop();
    work.open(theme()).catch(({ message }) => tell(message));
  });
  at("save-again").addEventListener("click", () => work.flush());
  showHint(modes);
}

function showHint(modes) {
  at("editing-hint").textContent = HINTS[modes.active]?.() ?? "";
}

// What an undo brought back is brought into sight.
function showDone({ work, pointer }, { zones, removed }) {
  if (!zones.length && !removed.length) return;
  const ids = zones.map(({ id }) => id).filter((id) => work.values.coverage.zones.has(id));
  if (ids.length) pointer.show(ids);
}

function theme() {
  const [chosen] = at("theme").selectedOptions;
  const [hazard, product] = chosen.value.split("/");
  return { key: chosen.value, hazard, product, scheme: chosen.dataset.scheme, isOfLines: chosen.dataset.lines === "yes", mayEdit: chosen.dataset.mine === "yes" };
}

const SAVING = {
  saved: () => t("已保存"),
  saving: () => t("正在保存…"),
  away: (n) => t("{n} 步未保存：没有连上服务，连上后自动再存", { n }),
  conflict: (n) => t("{n} 步未保存：他人刚刚改了草稿", { n }),
};

function showDraft({ work }) {
  const { draft, saving, unsent } = work.values;
  if (!draft) return;
  at("draft-title").textContent = draft.name;
  at("draft-state").textContent = codeName("draft_state", draft.state);
  at("draft-state").className = `badge draft-${draft.state}`;
  at("saving").textContent = SAVING[saving](unsent);
  at("saving").dataset.saving = saving;
  at("save-again").hidden = saving !== "away";
}

async function offerKept(work) {
  const kept = work.kept();
  if (!kept?.gestures?.length) return;
  const names = kept.gestures.map(({ title }) => title).join(t("、"));
  if (kept.theme !== at("theme").value) {
    at("theme").value = kept.theme;
    await work.open(theme());
  }
  toast(t("上次有 {n} 步没有保存：{names}", { n: kept.gestures.length, names }), { act: { words: t("再存一次"), run: () => work.resume(kept) } });
}
