// What is selected: its card, its outline, its name in the address; Escape lets it go.
import { keyboard } from "./core/keyboard.js";
import { facts, showCard, zoneParts } from "./card.js";
import { codeName } from "./codes.js";
import { gapParts } from "./gaps.js";
import { insidePoint } from "./map.js";
import { placeOf } from "./objects.js";
import { projectParts } from "./projects.js";
import { kindWords, OBJECT_KINDS } from "./search.js";
import { marker } from "./strata.js";
import { element, t } from "./words.js";

// The register in which a thing on the map has its row, by what the map calls it.
const SHEETS = {
  zone: "zones",
  project: "projects",
  village: "villages",
  group: "groups",
  enterprise: "enterprises",
  station: "stations",
  force: "forces",
  shelter: "shelters",
  facility: "facilities",
  road: "roads",
  constraint: "constraints",
  assessment: "regional-assessments",
  building: "buildings",
  danger: "hidden-dangers",
};

const PLACE_WORDS = ["place", "kind", "village", "row"];

export class Selection {
  zones;
  chains;
  card;
  map;
  legend;
  view;

  constructor({ map, legend, view, card }) {
    Object.assign(this, { map, legend, view, card });
    this.marker = L.layerGroup().addTo(map);
  }

  listen() {
    document.addEventListener("anzhi:place", (event) => {
      event.preventDefault();
      this.choose(event.detail);
    });
    keyboard.lets({
      layer: "selection",
      isOpen: () => !this.card.hidden,
      close: () => {
        this.clear();
        this.map.getContainer().focus({ preventScroll: true });
      },
    });
  }

  // A place that is drawn as an object of its own is selected as that object.
  async choose(place) {
    const { projects, objects } = this.drawn;
    const [west, south, east, north] = place.bbox;
    this.map.fitBounds([[south, west], [north, east]], { maxZoom: 15, padding: [40, 40], animate: false });
    const id = String(place.owner_id);
    const kind = OBJECT_KINDS[place.kind];
    await objects.load(kind);
    if (place.kind === "project" && projects?.byId(id)) projects.select(projects.byId(id));
    else if (kind && objects.find(kind, id)) objects.select(kind, objects.find(kind, id));
    else this.showPlace(place);
  }

  chooseRow({ key, bbox, lon, lat, ...place }) {
    this.choose({ ...place, owner_id: key, bbox: bbox.split(",").map(Number), lon: Number(lon), lat: Number(lat) });
  }

  showZone(zone) {
    const { hazard, product, grade_scheme, grade_rank } = zone.properties;
    const basis = new URLSearchParams({ hazard, product: product || "", scheme: grade_scheme || "", rank: grade_rank || "" });
    this.show({
      key: `zone:${zone.properties.zone}`,
      at: zone.geometry && insidePoint(zone.geometry),
      parts: zoneParts(this.legend, zone),
      basis: `/rulebook?${basis}`,
      row: rowAddress("zone", zone.properties.zone),
      more: this.chains?.button(zone),
      forget: () => this.zones.highlight(null),
    });
  }

  // Of no ground when a gap is let go.
  showGap(ground, hazard) {
    if (!ground) return this.clear();
    return this.show({ key: `gap:${hazard}`, parts: gapParts(this.legend, ground), forget: () => this.zones.leaveGap() });
  }

  showProject(project, projects) {
    this.show({
      key: `project:${project.id}`,
      at: insidePoint(project.geometry) || placeOf(project),
      parts: projectParts(project, this.legend),
      opinion: `/siting?project=${encodeURIComponent(project.id)}`,
      row: rowAddress("project", project.id),
      forget: () => projects.mark(null),
    });
    projects.mark(project.id);
  }

  showPlace({ lon, lat, name, kind, village, detail, owner_id }) {
    const at = L.latLng(lat, lon);
    this.show({
      key: null,
      at,
      parts: [
        element("header", {}, element("h2", { textContent: name })),
        facts([
          [t("类别"), wordsOf(kind)],
          [t("所在村"), village === name ? null : village],
          [t("说明"), detail],
          [t("标记处"), kind === "village" ? t("村委会驻地，全村范围见村界") : null],
        ]),
      ],
      row: rowAddress(kind, owner_id, name),
    });
    const icon = L.divIcon({ className: "place-mark", html: element("span"), iconSize: [0, 0] });
    marker(at, { icon, pane: "objects", interactive: false, keyboard: false }).addTo(this.marker);
    this.view.keep("place", name);
    this.view.keep("kind", kind);
    this.view.keep("village", village);
    this.view.keep("row", owner_id);
  }

  // A project is judged by its own outline, class and name; everything else offers its place to start from.
  /** @param {{key: string | null, parts: Node[], at?: any, basis?: string, opinion?: string, row?: string | null, more?: Node, forget?: () => unknown}} card */
  show({ key, at, parts, basis, opinion, row, more, forget }) {
    if (forget !== this.forget) this.forget?.();
    this.forget = forget;
    this.marker.clearLayers();
    const actions = element(
      "div",
      { className: "actions" },
      basis && element("a", { className: "button primary", href: basis, textContent: t("查看依据") }),
      opinion && element("a", { className: "button primary", href: opinion, textContent: t("筛查意见与依据") }),
      at && !opinion && element("a", { className: "button", href: sitingAddress(at), textContent: t("在此选址") }),
      row && element("a", { className: "button", href: row, textContent: t("查看台账") }),
      more,
    );
    showCard(this.card, [...parts, actions], () => this.clear());
    this.card.scrollIntoView({ block: "nearest" }); // on a phone what was tapped may lie far below the map
    for (const name of PLACE_WORDS) this.view.keep(name, null);
    this.view.keep("select", key);
  }

  clear() {
    this.card.hidden = true;
    this.marker.clearLayers();
    this.forget?.();
    this.forget = null;
    for (const name of ["select", ...PLACE_WORDS]) this.view.keep(name, null);
  }

  async restore({ sources, projects, objects }) {
    this.drawn = { projects, objects };
    const [kind, id] = (this.view.get("select") || "").split(":");
    await objects.load(kind);
    if (kind === "gap") await this.zones.openGap(id);
    else if (kind === "zone") {
      const zone = await sources.zone(id).catch(() => null);
      if (!zone || this.view.get("select") !== `zone:${id}`) return;
      const { geometry, ...properties } = zone;
      this.zones.pick({ type: "Feature", geometry, properties });
    } else if (kind === "project") projects?.byId(id) && projects.select(projects.byId(id));
    else if (objects.find(kind, id)) objects.select(kind, objects.find(kind, id));
    else if (this.view.get("place") && this.view.get("lat")) this.restorePlace();
  }

  restorePlace() {
    /** @type {any} */
    const said = Object.fromEntries(["lon", "lat", "kind", "village"].map((name) => [name, this.view.get(name)]));
    this.showPlace({ ...said, name: this.view.get("place"), owner_id: this.view.get("row") });
  }
}

// The page of the register on which the row lies is the service's to find; a road of many stretches is looked for by name.
// What a row is called that is no place of the gazetteer: by its register.
function wordsOf(kind) {
  const words = kindWords(kind);
  return words === kind && SHEETS[kind] ? codeName("register", SHEETS[kind]) : words;
}

function rowAddress(kind, key, name) {
  const sheet = SHEETS[kind];
  if (sheet && key != null) return `/registers/${sheet}?${new URLSearchParams({ row: key })}#marked`;
  return kind === "road" ? `/registers/roads?${new URLSearchParams({ q: name })}` : null;
}

function sitingAddress({ lat, lng }) {
  return `/siting?lon=${lng.toFixed(6)}&lat=${lat.toFixed(6)}`;
}
