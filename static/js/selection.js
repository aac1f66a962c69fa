// What is selected: its card, its outline, its name in the address; Escape lets it go.
import { keyboard } from "./core/keyboard.js";
import { facts, showCard, zoneParts } from "./card.js";
import { codeName } from "./codes.js";
import { read } from "./core/api.js";
import { fitFree } from "./framing.js";
import { gapParts } from "./gaps.js";
import { insidePoint } from "./map.js";
import { Newest } from "./newest.js";
import { placeOf } from "./objects.js";
import { projectParts } from "./projects.js";
import { kindWords, OBJECT_KINDS } from "./search.js";
import { placeMark } from "./strata.js";
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
  geohazard: "geohazard-sites",
};

export class Selection {
  zones;
  chains;
  causes;
  card;
  map;
  legend;
  view;
  newest = new Newest();

  constructor({ map, legend, view, card }) {
    Object.assign(this, { map, legend, view, card });
    this.marker = L.layerGroup().addTo(map);
  }

  listen() {
    const goToCard = () => this.card.hidden || this.card.focus({ preventScroll: true });
    this.card.tabIndex = -1;
    document.addEventListener("anzhi:place", (event) => {
      event.preventDefault();
      this.choose(event.detail).then(goToCard);
    });
    keyboard.add({ keys: ["I"], title: t("到所选对象的卡片"), run: goToCard });
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
    const id = String(place.owner_id);
    const kind = OBJECT_KINDS[place.kind];
    await objects.load(kind);
    if (place.kind === "project" && projects?.byId(id)) return projects.select(projects.byId(id));
    if (kind && objects.find(kind, id)) objects.select(kind, objects.find(kind, id));
    else this.showPlace(place);
    const [west, south, east, north] = place.bbox;
    return fitFree(this.map, L.latLngBounds([[south, west], [north, east]]), { maxZoom: 15 });
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
      past: `/zones/${zone.properties.zone}/history`,
      more: this.chains?.button(zone),
      forget: () => this.zones.highlight(null),
    });
  }

  // Of no ground when a gap is let go.
  showGap(ground, hazard) {
    if (!ground) return this.clear();
    return this.show({ key: `gap:${hazard}`, parts: gapParts(this.legend, ground), forget: () => this.zones.leaveGap() });
  }

  // fit: whether the map goes to what the verdict rests on.
  showProject(project, projects, { fit = true } = {}) {
    this.show({
      key: `project:${project.id}`,
      at: insidePoint(project.geometry) || placeOf(project),
      parts: projectParts(project, this.legend),
      opinion: `/siting?project=${encodeURIComponent(project.id)}`,
      row: rowAddress("project", project.id),
      forget: () => {
        projects.mark(null);
        this.causes.clear();
      },
    });
    projects.mark(project.id);
    return this.causes.show(project, { fit });
  }

  showPlace({ lon, lat, name, kind, village, detail, owner_id }) {
    const at = L.latLng(lat, lon);
    this.show({
      words: { place: name, kind, village, row: owner_id, at: [lon, lat].join() },
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
      mark: true,
    });
  }

  // A project is judged by its own outline, class and name; everything else offers its place to start from.
  /** @param {{key?: string, words?: Record<string, any>, parts: Node[], at?: any, basis?: string, opinion?: string, row?: string | null, past?: string, more?: Node, mark?: boolean, forget?: () => unknown}} card */
  show({ key, words = { select: key }, at, parts, basis, opinion, row, past, more, mark, forget }) {
    this.newest.ask();
    if (forget !== this.forget) this.forget?.();
    this.forget = forget;
    this.marker.clearLayers();
    if (mark && at) placeMark(at).addTo(this.marker);
    const actions = element(
      "div",
      { className: "actions" },
      basis && element("a", { className: "button primary", href: basis, textContent: t("查看依据") }),
      opinion && element("a", { className: "button primary", href: opinion, textContent: t("筛查意见与依据") }),
      at && !opinion && element("a", { className: "button", href: sitingAddress(at), textContent: t("在此选址") }),
      row && element("a", { className: "button", href: row, textContent: t("查看台账") }),
      past && element("a", { className: "button", href: past, textContent: t("区的经过") }),
      more,
    );
    showCard(this.card, [...parts, actions], () => this.clear());
    this.card.parentElement.scrollIntoView({ block: "nearest" }); // on a phone what was tapped may lie far below the map
    this.view.choose(words);
  }

  clear() {
    this.newest.ask();
    this.card.hidden = true;
    this.marker.clearLayers();
    this.forget?.();
    this.forget = null;
    this.view.choose();
  }

  // What the address says is chosen; nothing, where that is not there any more. Whoever chooses meanwhile has the last word.
  async restore(drawn) {
    this.drawn = drawn;
    const current = this.newest.ask();
    await this.showAsked(drawn, current);
    if (current()) this.clear();
  }

  async showAsked({ sources, projects, objects }, current) {
    const [kind, id] = (this.view.get("select") || "").split(":");
    const fit = !this.view.get("lat"); // else the address says where to look
    await objects.load(kind);
    if (!current()) return;
    if (kind === "gap") await this.zones.openGap(id);
    else if (kind === "zone") {
      const zone = await sources.zone(id).catch(() => null);
      if (!zone || !current()) return;
      const { geometry, ...properties } = zone;
      await this.zones.pick({ type: "Feature", geometry, properties }, { fly: fit });
    } else if (kind === "project" && projects?.byId(id)) await projects.select(projects.byId(id), { fit });
    else if (objects.find(kind, id)) objects.select(kind, objects.find(kind, id));
    else if (this.view.get("place")) await this.showAskedPlace(current);
  }

  // What the gazetteer says of it by now; where it does not know the place any more, what the address says.
  async showAskedPlace(current) {
    /** @type {any} */
    const said = Object.fromEntries(["place", "kind", "village", "row", "at"].map((name) => [name, this.view.get(name)]));
    const called = await read("/api/places", { query: { q: said.place }, signal: current.signal }).catch(() => null);
    if (!current()) return;
    const known = (called?.items ?? []).filter((one) => isCalled(one, said));
    const [lon, lat] = said.at ? said.at.split(",").map(Number) : ["lon", "lat"].map((name) => Number(this.view.get(name)));
    const isPlaced = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && (said.at || this.view.get("lat"));
    // Stretches of one road are called alike: the one that lies where the address says.
    const found = known.find((one) => one.lon === lon && one.lat === lat) ?? known[0];
    if (found) this.showPlace(found);
    else if (isPlaced) this.showPlace({ ...said, lon, lat, name: said.place, owner_id: said.row });
  }
}

// Stakes of one road share its number, and only their names tell them apart.
function isCalled({ kind, name, owner_id }, said) {
  return kind === said.kind && name === said.place && String(owner_id ?? "") === (said.row ?? "");
}

// What a row is called that is no place of the gazetteer: by its register.
function wordsOf(kind) {
  const words = kindWords(kind);
  return words === kind && SHEETS[kind] ? codeName("register", SHEETS[kind]) : words;
}

// The page of the register on which the row lies is the service's to find; a road of many stretches is looked for by name.
function rowAddress(kind, key, name) {
  const sheet = SHEETS[kind];
  if (sheet && key != null) return `/registers/${sheet}?${new URLSearchParams({ row: key })}#marked`;
  return kind === "road" ? `/registers/roads?${new URLSearchParams({ q: name })}` : null;
}

function sitingAddress({ lat, lng }) {
  return `/siting?lon=${lng.toFixed(6)}&lat=${lat.toFixed(6)}`;
}
