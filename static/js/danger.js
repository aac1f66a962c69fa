// The danger area of the incident in hand: drawn with the tool for areas, seen on the map; forces gather outside of it.
import { areaTool, circleAround, radiusField } from "./areasketch.js";
import { change } from "./core/api.js";
import { openDialog } from "./core/dialog.js";
import { keyboard } from "./core/keyboard.js";
import { toast } from "./core/toast.js";
import { formParts } from "./deskforms.js";
import { troubleWords } from "./duty.js";
import { inStratum } from "./map.js";
import { element, t } from "./words.js";

const USUAL_M = 300;

export class Danger {
  map;
  modes;
  cases;
  store;

  /** @param {any} page @param {{store: any, cases: any}} options */
  constructor({ map, modes }, { store, cases }) {
    Object.assign(this, { map, modes, store, cases });
    this.drawn = L.featureGroup().addTo(map);
    const isOpen = () => cases.incident?.state === "open";
    areaTool({ map, modes, keyboard }, { id: "danger", title: t("画危险范围"), onArea: (area) => this.save(area), onCircle: (place) => this.askRadius(place) });
    keyboard.add({ keys: ["W"], title: t("画危险范围"), run: () => this.begin(), isOn: isOpen });
    cases.more = () => this.acts();
    cases.onTell = () => this.show();
    store.watch(["answer"], () => this.show());
  }

  begin() {
    this.modes.start("danger");
    this.map.getContainer().focus({ preventScroll: true });
    toast(t("逐点单击画出危险范围，双击或按 Enter 闭合；只用键盘时按方向键移图，按空格取中心为角点，或按 O 画圆。"));
  }

  // Buttons of the incident in hand, beside its others.
  acts() {
    const { incident } = this.cases;
    if (incident.state !== "open") return [];
    const isGathering = Number(this.store.values.gather) === incident.id;
    return [
      act("danger", t("画危险范围"), "W", () => this.begin()),
      incident.danger && act("no-danger", t("清除危险范围"), "", () => this.save(null)),
      this.cases.gathersFor === incident.id && act("gather", t("按集结点算到达"), "", () => this.store.change({ gather: isGathering ? "" : String(incident.id) }), isGathering),
    ].filter(Boolean);
  }

  askRadius(place) {
    const form = formParts([radiusField(USUAL_M)], t("保存危险范围"));
    const dialog = openDialog({ title: t("危险范围：以地图中心为圆心"), className: "case-dialog", parts: [form] });
    form.bind(dialog, ({ radius }) => this.put(circleAround(place, Number(radius))));
  }

  async save(area) {
    try {
      await this.put(area);
    } catch (trouble) {
      toast(troubleWords(trouble));
    }
  }

  async put(danger) {
    const { id, version } = this.cases.incident;
    await change("/api/incidents/{number}", { path: { number: id }, etag: `"${version}"` }, { danger });
    toast(danger ? t("已记下危险范围；集结点在它之外。") : t("已清除危险范围。"));
    await this.cases.refresh();
    this.cases.onChange(); // the dialog does not stay open for the answer
  }

  show() {
    this.drawn.clearLayers();
    const { incident } = this.cases;
    const gather = this.store.values.answer?.gather;
    if (incident?.danger) L.geoJSON(incident.danger, { ...inStratum(this.map, "sites"), interactive: false, style: { className: "danger-area", weight: 2.4, opacity: 1, fillOpacity: 1 } }).addTo(this.drawn);
    if (!incident || !gather) return;
    const [lon, lat] = gather.place.coordinates;
    const icon = L.divIcon({ className: "gather-pin", html: element("span", { textContent: t("集结点") }), iconSize: [0, 0] });
    L.marker([lat, lon], { icon, pane: "objects", keyboard: false, title: t("集结点"), zIndexOffset: 1500 }).addTo(this.drawn);
  }
}

function act(name, words, key, run, pressed = null) {
  const made = element("button", { type: "button", className: "button", ariaKeyShortcuts: key || null, ariaPressed: pressed === null ? null : String(pressed) }, words, key ? element("kbd", { textContent: key }) : null);
  made.dataset.act = name;
  made.addEventListener("click", run);
  return made;
}
