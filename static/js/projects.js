// Projects on the map and in the list: only flagged ones get a pin, only a prohibited one shows its name there.
import { facts, showCard } from "./card.js";
import { inPane, insidePoint } from "./map.js";
import { FLAGGED, verdictBadge, verdictSign, verdictWords } from "./verdicts.js";
import { element, t } from "./words.js";

export class Projects {
  constructor({ map, card, list, onSelect }) {
    Object.assign(this, { map, card, list, onSelect });
    this.pins = new Map();
    this.groups = { flagged: L.layerGroup(), others: L.layerGroup() };
  }

  draw(projects) {
    const worstFirst = [...projects].sort((a, b) => severity(a) - severity(b));
    for (const project of worstFirst) {
      const group = isFlagged(project) ? this.groups.flagged : this.groups.others;
      L.geoJSON(project, {
        ...inPane(this.map, "sites"),
        style: { className: "site-line", weight: 1.6, dashArray: "5 3", fill: false },
      }).addTo(group);
      const pin = this.pinOf(project);
      if (pin) this.pins.set(project.id, pin.addTo(group));
    }
    const flagged = worstFirst.filter(isFlagged);
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
    const pin = L.marker(at, {
      icon,
      title: name,
      alt: `${name} ${verdictWords(verdict)}`,
      zIndexOffset: -severity(project) * 100,
    });
    return pin.on("click", () => this.select(project));
  }

  row(project) {
    const { name, verdict, project_class, reasons } = project.properties;
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
        firstReason(reasons),
      ),
    );
    button.dataset.project = project.id;
    button.addEventListener("click", () => this.select(project));
    return element("li", {}, button);
  }

  select(project) {
    const { name, verdict, project_class, reasons } = project.properties;
    this.mark(project.id);
    const at = this.pins.get(project.id)?.getLatLng();
    if (at) this.map.panTo(at);
    this.onSelect(project);
    const head = element("header", {}, element("h2", { textContent: name }), verdictBadge(verdict));
    const told = facts([
      [t("项目类别"), project_class],
      [t("理由"), (reasons || []).map(reasonText).join("；") || null],
    ]);
    showCard(this.card, [head, told], () => this.mark(null));
  }

  mark(id) {
    for (const button of this.list.querySelectorAll("button"))
      button.ariaPressed = String(button.dataset.project === String(id));
    for (const [pinned, pin] of this.pins) pin.getElement()?.toggleAttribute("aria-current", pinned === id);
  }
}

function isFlagged({ properties }) {
  return FLAGGED.includes(properties.verdict);
}

function severity({ properties }) {
  const place = FLAGGED.indexOf(properties.verdict);
  return place < 0 ? FLAGGED.length : place;
}

function reasonText(reason) {
  return typeof reason === "string" ? reason : reason.message || reason.text || reason.rule || "";
}

function firstReason(reasons) {
  const [first, ...others] = (reasons || []).map(reasonText);
  if (!first) return "";
  return others.length ? t("{first} 等 {n} 条", { first, n: others.length + 1 }) : first;
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
    named ? name : null,
  );
}
