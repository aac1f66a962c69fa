// Projects on the map and in the list: only flagged ones get a pin, only a prohibited one shows its name there.
import { facts } from "./card.js";
import { inStratum, insidePoint } from "./map.js";
import { spreadOf } from "./spread.js";
import { marker } from "./strata.js";
import { FLAGGED, verdictBadge, verdictSign, verdictWords } from "./verdicts.js";
import { element, said, t } from "./words.js";

export class Projects {
  map;
  labels;
  list;
  legend;
  onSelect;

  constructor({ map, legend, list, labels, onSelect }) {
    Object.assign(this, { map, legend, list, labels, onSelect, all: [] });
    this.pins = new Map();
    this.groups = { flagged: L.layerGroup(), others: L.layerGroup() };
  }

  draw(projects) {
    const worstFirst = [...projects].sort((a, b) => severity(a) - severity(b));
    this.all = worstFirst;
    for (const project of worstFirst) {
      const group = isFlagged(project) ? this.groups.flagged : this.groups.others;
      L.geoJSON(project, {
        ...inStratum(this.map, "sites"),
        style: { className: "site-line", weight: 1.6, dashArray: "5 3", fill: false },
      }).addTo(group);
      const pin = this.pinOf(project);
      if (pin) this.pins.set(project.id, pin.addTo(group));
    }
    const flagged = worstFirst.filter(isFlagged);
    this.labels.reserve("pins", flagged.filter((project) => this.pins.has(project.id)).map((project) => this.boxOf(project)));
    this.list.replaceChildren(...flagged.map((project) => this.row(project)));
    if (!flagged.length) this.list.append(element("li", { className: "quiet", textContent: t("没有需处置的项目。") }));
    return { flagged: flagged.length, others: projects.length - flagged.length };
  }

  show(group, shown) {
    shown ? this.groups[group].addTo(this.map) : this.groups[group].remove();
  }

  pinOf(project) {
    const at = insidePoint(project.geometry) || pointOf(project.geometry);
    if (!at) return null;
    const { name, verdict } = project.properties;
    const icon = L.divIcon({ className: `pin pin-${verdict}`, html: pinBody(project), iconSize: [0, 0] });
    const pin = marker(at, {
      icon,
      title: name,
      alt: `${name} ${verdictWords(verdict)}`,
      zIndexOffset: -severity(project) * 100,
    });
    return spreadOf(this.map).add(pin, () => this.select(project));
  }

  // A pin, and how far it reaches to both sides where there is room for its name.
  boxOf({ id, properties }) {
    const pin = this.pins.get(id);
    const box = { at: pin.getLatLng(), left: 13, right: 13, top: 40, bottom: 4 };
    if (properties.verdict !== "prohibited") return box;
    const body = pin.options.icon.options.html;
    return { ...box, named: [...properties.name].length * 6.3 + 22, name: (shown) => body.classList.toggle("named", shown) };
  }

  row(project) {
    const { name, verdict, project_class, data_gaps } = project.properties;
    const button = element(
      "button",
      { type: "button", ariaPressed: "false" },
      element("span", { className: `sign sign-${verdict}`, ariaHidden: "true", textContent: verdictSign(verdict) }),
      element("b", { textContent: name }),
      element("small", { textContent: project_class || "" }),
      element(
        "span",
        { className: "reason" },
        element("em", { className: `word-${verdict}`, textContent: verdictWords(verdict) }),
        firstReason(reasonsOf(project.properties)),
        data_gaps?.length ? gapsOf(data_gaps, this.legend) : null,
      ),
    );
    button.dataset.project = project.id;
    button.addEventListener("click", () => this.select(project));
    return element("li", {}, button);
  }

  select(project, how) {
    return this.onSelect(project, how);
  }

  byId(id) {
    return this.all.find((project) => String(project.id) === id);
  }

  mark(id) {
    for (const button of this.list.querySelectorAll("button"))
      button.ariaPressed = String(button.dataset.project === String(id));
    for (const [pinned, pin] of this.pins) pin.getElement()?.toggleAttribute("aria-current", pinned === id);
  }
}

export function projectParts({ properties }, legend) {
  const { name, verdict, project_class, rules, data_gaps } = properties;
  const told = reasonsOf(properties).map((reason, i) => element("li", {}, reasonText(reason), ruleLink(rules?.[i])));
  return [
    element("header", {}, element("h2", { textContent: name }), verdictBadge(verdict)),
    facts([[t("项目类别"), legend.className(project_class)]]),
    told.length ? element("ul", { className: "reasons" }, told) : null,
    data_gaps?.length
      ? element("p", {}, gapsOf(data_gaps, legend), element("small", { textContent: t("没有资料不按安全处理。") }))
      : element("p", { className: "quiet", textContent: t("应查的专题都有资料。") }),
  ];
}

// What nobody surveyed here, by name: it is as much a part of the answer as what was found.
function gapsOf(gaps, legend) {
  const names = gaps.map((hazard) => legend.hazardName(hazard)).join(t("、"));
  return element("span", { className: "unknown-themes", textContent: t("未调查：{names}", { names }) });
}

export function ruleAddress(rule) {
  return rule && `/rulebook/rules/${encodeURIComponent(rule)}`;
}

function ruleLink(rule) {
  return rule && element("a", { className: "rule-link", href: ruleAddress(rule), textContent: rule });
}

function isFlagged({ properties }) {
  return FLAGGED.includes(properties.verdict);
}

function severity({ properties }) {
  const place = FLAGGED.indexOf(properties.verdict);
  return place < 0 ? FLAGGED.length : place;
}

function reasonsOf({ reasons, reasons_en }) {
  return (reasons || []).map((reason, i) => said(reason, reasons_en?.[i]));
}

function reasonText(reason) {
  return typeof reason === "string" ? reason : reason.message || reason.text || reason.rule || "";
}

function firstReason(reasons) {
  const [first, ...others] = (reasons || []).map(reasonText);
  if (!first) return "";
  return others.length ? t("{first}（共 {n} 条理由）", { first, n: others.length + 1 }) : first;
}

function pointOf(geometry) {
  const bounds = geometry && L.geoJSON(geometry).getBounds();
  return bounds?.isValid() ? bounds.getCenter() : null;
}

function pinBody(project) {
  if (!isFlagged(project)) return element("span", { className: "pin-ring" });
  const { name, verdict } = project.properties;
  const named = verdict === "prohibited";
  return element(
    "span",
    { className: named ? "pin-body named" : "pin-body" },
    element("i", { textContent: verdictSign(verdict) }),
    named ? element("span", { className: "pin-name", textContent: name }) : null,
  );
}
