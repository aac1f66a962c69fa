// Where the areas lie that a trial would move: every area of the run in outline, those that move coloured and signed.
import { areasOfRun } from "./runsource.js";
import { element, t } from "./words.js";

const DRAWING = "http://www.w3.org/2000/svg";
const WIDE = 720;
const SIGNS = { worse: "▲", milder: "▽", unknown: "?" };

export class MoveMap {
  constructor(place, { unit, run }) {
    this.place = place;
    this.caption = place.querySelector("figcaption");
    this.areas = areasOfRun({ unit, run, product: "hazard" }).all();
  }

  // Shows the moves of a trial of that name; what was asked for last is what is shown.
  async show({ name, moves, changed }) {
    this.shown = name;
    const areas = await this.areas.catch(() => null);
    if (this.shown !== name) return;
    if (!areas) {
      this.caption.textContent = t("单元的图形没有载入，只能看文字。");
      return;
    }
    this.place.querySelector("svg")?.remove();
    this.place.prepend(drawing(areas, new Map(moves.map((move) => [move.area, move]))));
    this.caption.textContent = captionOf(name, moves, changed);
  }
}

function captionOf(name, moves, changed) {
  if (!changed) return t("{name}：没有单元变动", { name });
  const told = t("{name}：变动 {n} 个单元，▲ 变重，▽ 变轻", { name, n: changed });
  return moves.length < changed ? `${told} · ${t("图上只标出最重的 {n} 个", { n: moves.length })}` : told;
}

export function directionOf({ from_rank, to_rank }) {
  if (!from_rank || !to_rank) return "unknown";
  return to_rank < from_rank ? "worse" : "milder";
}

function drawing(areas, moves) {
  const frame = frameOf(areas);
  const svg = made("svg", { viewBox: `0 0 ${WIDE} ${Math.ceil(frame.high)}`, role: "img", "aria-labelledby": "moves-heading" });
  const marked = areas.filter(({ properties }) => moves.has(properties.area));
  svg.append(...areas.map((area) => outline(area, frame, moves.get(area.properties.area))), ...marked.map((area) => sign(area, frame, moves)));
  return svg;
}

function outline({ geometry, properties }, frame, move) {
  const path = made("path", { d: ringsOf(geometry).map((ring) => `M${ring.map(frame.at).join("L")}Z`).join("") });
  path.setAttribute("class", move ? `is-${directionOf(move)}` : "unit");
  const words = move ? `${properties.name}${t("：")}${t(move.from || "资料不足")} → ${t(move.to || "资料不足")}` : properties.name;
  path.append(made("title", {}, words));
  return path;
}

function sign({ geometry, properties }, frame, moves) {
  const [west, south, east, north] = boundsOf([geometry]);
  const [x, y] = frame.at([(west + east) / 2, (south + north) / 2]);
  return made("text", { x, y }, SIGNS[directionOf(moves.get(properties.area))]);
}

function made(tag, attributes, words = "") {
  const one = document.createElementNS(DRAWING, tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, String(value));
  one.textContent = words;
  return one;
}

// Degrees as tenths of a unit of the drawing: a degree of longitude is as much narrower as the town lies north.
function frameOf(areas) {
  const [west, south, east, north] = boundsOf(areas.map(({ geometry }) => geometry));
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = WIDE / Math.max((east - west) * narrow, 1e-9);
  const tenths = (number) => Math.round(number * 10) / 10;
  return {
    high: (north - south) * scale,
    at: ([lon, lat]) => [tenths((lon - west) * narrow * scale), tenths((north - lat) * scale)],
  };
}

function boundsOf(geometries) {
  const corners = geometries.flatMap((geometry) => ringsOf(geometry).flat());
  const reach = (axis, pick) => corners.reduce((most, corner) => pick(most, corner[axis]), pick === Math.min ? Infinity : -Infinity);
  return [reach(0, Math.min), reach(1, Math.min), reach(0, Math.max), reach(1, Math.max)];
}

function ringsOf({ type, coordinates }) {
  return type === "MultiPolygon" ? coordinates.flat() : coordinates;
}

// The trials of the page to choose from; one that was tried by hand is added under its name and shown.
export function bindMoveMap(map, select, trials) {
  const known = new Map();
  const add = (trial) => {
    if (!known.has(trial.name)) select.append(element("option", { value: trial.name, textContent: trial.name }));
    known.set(trial.name, trial);
  };
  trials.forEach(add);
  const show = () => map.show(known.get(select.value));
  select.addEventListener("change", show);
  const first = trials.find(({ changed }) => changed) ?? trials[0];
  if (first) select.value = first.name;
  if (first) show();
  return (trial) => {
    add(trial);
    select.value = trial.name;
    show();
  };
}
