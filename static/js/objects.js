// Enterprises, stations, shelters and geohazard sites: a small sign each, a card when chosen, and what the list says of them.
import { facts } from "./card.js";
import { codeName, codeSign } from "./codes.js";
import "./copy.js";
import { datedParts } from "./core/lapse.js";
import { telephoneParts } from "./core/telephone.js";
import { spreadOf } from "./spread.js";
import { marker } from "./strata.js";
import { element, t } from "./words.js";

export const KINDS = ["enterprises", "stations", "shelters", "geohazard-sites"];

const SITES = "geohazard-sites";
const STRUCK_OFF = "struck_off"; // of a geohazard site: kept on record, no longer watched

export class Objects {
  sources;
  map;
  onSelect;

  constructor({ map, sources, onSelect }) {
    Object.assign(this, { map, sources, onSelect });
    this.groups = new Map();
    this.found = new Map();
    this.shown = new Set();
  }

  // A register is asked for once one of its objects is shown; one that does not come shows none, and is asked for again.
  async load(kind) {
    if (!KINDS.includes(kind) || !this.sources[kind] || this.found.has(kind)) return;
    const found = await this.sources[kind]().catch(() => null);
    if (found) this.found.set(kind, found);
  }

  async show(kind, shown) {
    this.shown[shown ? "add" : "delete"](kind);
    if (shown) await this.load(kind);
    if (this.shown.has(kind) && !this.groups.has(kind)) this.groups.set(kind, this.draw(kind));
    const group = this.groups.get(kind);
    this.shown.has(kind) ? group?.addTo(this.map) : group?.remove();
  }

  draw(kind) {
    const group = L.layerGroup();
    for (const object of this.found.get(kind) || []) {
      const at = placeOf(object);
      if (!at) continue;
      const inside = element("span", { className: `sign sign-${kind}`, textContent: codeSign("register", kind) });
      if (object.properties.state === STRUCK_OFF) inside.classList.add("is-over");
      if (kind === "enterprises") inside.dataset.colour = object.properties.effective_grade || "";
      const icon = L.divIcon({ className: "object", html: inside, iconSize: [18, 18] });
      const options = { icon, title: object.properties.name, alt: `${codeName("register", kind)} ${object.properties.name}` };
      spreadOf(this.map)
        .add(marker(at, { ...options, pane: "objects" }), () => this.select(kind, object))
        .addTo(group);
    }
    return group;
  }

  select(kind, object) {
    const { id } = object.properties;
    const row = `/registers/${kind}?row=${id}#marked`;
    const group = this.groups.get(kind);
    const mark = !(group && this.map.hasLayer(group));
    const more = kind === SITES && element("a", { className: "button", href: `/geohazard-sites/${id}`, textContent: t("隐患点登记页") });
    this.onSelect({ key: `${kind}:${id}`, at: placeOf(object), parts: [...objectParts(kind, object), ...(more ? siteParts(object) : [])], row, mark, more });
  }

  find(kind, id) {
    return this.found.get(kind)?.find(({ properties }) => String(properties.id) === id);
  }
}

export function placeOf({ geometry }) {
  if (!geometry) return null;
  if (geometry.type === "Point") return L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
  const bounds = L.geoJSON(geometry).getBounds();
  return bounds.isValid() ? bounds.getCenter() : null;
}

function objectParts(kind, { properties }) {
  const head = element(
    "header",
    {},
    element("h2", { textContent: properties.name || t("未命名") }),
    element("span", { className: "badge", textContent: codeName("register", kind) }),
  );
  const told = facts([
    [t("所在村"), properties.village],
    [t("行业"), properties.industry],
    [t("现行等级"), kind === "enterprises" && (properties.effective_grade ? codeName("colour", properties.effective_grade) : t("未评估"))],
    [t("等级理由"), properties.reason],
    [t("重大危险源"), properties.major_hazard_level && t("{n} 级", { n: properties.major_hazard_level })],
    [t("从业人数"), properties.staff],
    [t("可容纳"), properties.capacity != null ? t("{n} 人", { n: properties.capacity }) : null],
    [t("值班人数"), properties.crew],
    [t("联系电话"), telephoneParts(properties.contact_phone || properties.duty_phone)],
    [t("核实日期"), !["enterprises", SITES].includes(kind) && datedParts("last_verified", properties.last_verified)],
    [t("检查日期"), kind === "enterprises" && (properties.last_check || t("未注明"))],
  ]);
  return [head, told];
}

// Whom a site threatens and who watches it; nobody counted is not nobody.
function siteParts({ properties: { kind, state, households, people, contact_name, recognised_by } }) {
  return [
    facts([
      [t("灾害类型"), codeName("geohazard_kind", kind)],
      [t("状态"), codeName("geohazard_state", state)],
      [t("威胁"), [households == null ? t("户数未统计") : t("{n} 户", { n: households }), people == null ? t("人数未统计") : t("{n} 人", { n: people })].join(" · ")],
      [t("群测群防员"), contact_name || t("没有登记")],
      [t("认定文号"), recognised_by || t("没有认定文号")],
    ]),
  ];
}
