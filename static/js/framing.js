// Bounds fitted into the part of the map that no card, list or button lies over.
import { freeGround } from "./core/freeground.js";

const ROOM = 24; // pixels between what is shown and what lies over the map
const LEAST = 60; // of free ground a side, below which the whole map is better
const COVERS = ".over:not(.top, .point-reading), .over.top > *, .leaflet-control";
const LAID_OVER = ".over-map"; // on a phone the layers come over the map and stay beside it in the page

export function fitFree(map, bounds, { maxZoom = 16 } = {}) {
  if (!bounds.isValid()) return;
  const { width, height, whole, free } = freeOf(map, bounds);
  const from = [free.left - whole.left, free.top - whole.top];
  const to = [whole.right - free.right, whole.bottom - free.bottom];
  const room = Math.min(ROOM, width / 6, height / 6);
  map.fitBounds(bounds, {
    paddingTopLeft: from.map((side) => side + room),
    paddingBottomRight: to.map((side) => side + room),
    maxZoom,
    animate: false,
  });
}

function freeOf(map, bounds) {
  const board = map.getContainer();
  const whole = board.getBoundingClientRect();
  const seen = seenOf(whole, { left: 0, top: 0, right: window.innerWidth, bottom: window.innerHeight });
  const covers = coversOf(board.parentElement);
  const solid = covers.filter(({ width, height }) => width && height);
  const isRoomy = ({ left, top, right, bottom }) => right - left >= LEAST && bottom - top >= LEAST;
  const found = freeGround(seen, solid, shapeOf(map, bounds));
  const free = [found, seen].find(isRoomy) || whole;
  return { whole, free, width: free.right - free.left, height: free.bottom - free.top };
}

// The small map is not there while the whole town is in sight, but comes back with what is closer.
function coversOf(whole) {
  const away = [...whole.querySelectorAll(".minimap[hidden]")];
  for (const one of away) one.hidden = false;
  const covers = [...whole.querySelectorAll(COVERS), ...document.querySelectorAll(LAID_OVER)].map((one) => one.getBoundingClientRect());
  for (const one of away) one.hidden = true;
  return covers;
}

function seenOf(one, other) {
  const [left, top] = [Math.max(one.left, other.left), Math.max(one.top, other.top)];
  return { left, top, right: Math.max(left, Math.min(one.right, other.right)), bottom: Math.max(top, Math.min(one.bottom, other.bottom)) };
}

function shapeOf(map, bounds) {
  const size = map.project(bounds.getSouthEast(), 16).subtract(map.project(bounds.getNorthWest(), 16));
  return { width: Math.max(size.x, 1), height: Math.max(size.y, 1) };
}
