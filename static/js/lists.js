// What the list beside the map offers: the graded theme, each hazard laid over it, projects, objects, villages.
import { gradeBadge } from "./card.js";
import { KINDS, placeOf } from "./objects.js";
import { verdictBadge } from "./verdicts.js";
import { t } from "./words.js";

const MOST_ROWS = 2000;

export function listsOf(page) {
  const { overview, legend, panel, projects, objects, ground } = page;
  const titleOf = (layer) => legend.hazardName(layer.hazard);
  return () => {
    const theme = panel.querySelector("[name=theme]:checked")?.value;
    const ordered = [...overview.layers].sort((a, b) => (keyOf(b) === theme) - (keyOf(a) === theme));
    const layers = ordered.map((layer) => zoneSection(page, layer, titleOf(layer)));
    const kinds = Object.keys(KINDS).filter((kind) => objects.found.get(kind)?.length);
    return [
      ...(projects ? [projectSection(projects)] : []),
      ...layers,
      ...kinds.map((kind) => objectSection(page, kind)),
      { key: "villages", title: t("村"), rows: async () => ground.villages.map((village) => villageRow(page, village)) },
    ];
  };
}

function keyOf({ hazard, product }) {
  return `${hazard}/${product}`;
}

function zoneSection({ sources, map, legend, zones }, layer, title) {
  const many = layer.count > MOST_ROWS;
  const read = () =>
    many
      ? sources.zonesWithin(layer.hazard, layer.product, map.getBounds().toBBoxString())
      : sources.zones(layer.hazard, layer.product);
  const rows = async () => {
    const found = await read();
    const worstFirst = [...found].sort((a, b) => (a.properties.grade_rank ?? 9) - (b.properties.grade_rank ?? 9));
    return worstFirst.map((zone) => ({
      words: zone.properties.name || `${title} ${zone.properties.zone}`,
      badge: gradeBadge(legend, zone.properties),
      choose: () => zones.pick(zone, { fly: true }),
    }));
  };
  const hint = many ? t("只列当前视野内的区") : "";
  return { key: keyOf(layer), title: `${title} · ${layer.count}`, rows, hint };
}

function projectSection(projects) {
  const rows = async () =>
    projects.all.map((project) => ({
      words: project.properties.name,
      note: project.properties.project_class,
      badge: verdictBadge(project.properties.verdict),
      choose: () => projects.select(project),
    }));
  return { key: "projects", title: `${t("项目")} · ${projects.all.length}`, rows };
}

function objectSection({ map, objects }, kind) {
  const found = objects.found.get(kind);
  const choose = (object) => {
    const at = placeOf(object);
    if (at) map.setView(at, Math.max(map.getZoom(), 14.5));
    objects.select(kind, object);
  };
  const rows = async () =>
    found.map((object) => ({
      words: object.properties.name || t("未命名"),
      note: object.properties.village,
      choose: () => choose(object),
    }));
  return { key: kind, title: `${t(KINDS[kind].title)} · ${found.length}`, rows };
}

function villageRow({ map, selection }, { geometry, properties }) {
  const bounds = L.geoJSON(geometry).getBounds();
  const people = properties.population != null ? t("{n} 人", { n: properties.population }) : null;
  const choose = () => {
    const { lat, lng } = bounds.getCenter();
    map.fitBounds(bounds, { padding: [40, 40] });
    selection.showPlace({ lon: lng, lat, name: properties.name, kind: "village" });
  };
  return { words: properties.name, note: people, choose };
}
