// Somebody else wrote in the draft meanwhile. Other zones: the gesture is handed in again. The same: base, mine and theirs are shown.
import { openDialog } from "../core/dialog.js";
import { isSameShape, outlineOf } from "../topology/coverage.js";
import { area_m2, boxOf, isClosed, length_m } from "../topology/plane.js";
import { areaWords, element, lengthWords, t } from "../words.js";

const SIDE = 150;
const NS = "http://www.w3.org/2000/svg";

export class Conflicts {
  work;

  constructor({ work }) {
    this.work = work;
    work.addEventListener("overtaken", ({ detail }) => this.settle(detail));
  }

  async settle(gesture) {
    const { theme } = this.work.values;
    const [{ value: draft, etag }, items] = await Promise.all([this.work.service.draft(), this.work.service.zones(theme.hazard, theme.product)]);
    const theirs = new Map(items.filter(({ change }) => change !== "delete").map((item) => [item.id, outlineOf(item.geometry)]));
    const touched = gesture.change?.before ?? [];
    const met = touched.filter(([id, base]) => !isSameShape(base, theirs.get(id) ?? null));
    this.work.store.change({ draft });
    if (gesture.change && !met.length) return this.again(etag);
    return this.ask(gesture, { etag, theirs, met });
  }

  again(etag) {
    this.work.store.change({ etag });
    return this.work.flush();
  }

  ask(gesture, { etag, theirs, met }) {
    const after = new Map(gesture.change?.after ?? []);
    const rows = met.map(([id, base]) => zoneRow(id, { base, mine: after.get(id), theirs: theirs.get(id) }));
    const keep = element("button", { type: "button", className: "button primary", textContent: t("用我的") });
    const yield_ = element("button", { type: "button", className: "button", textContent: t("用他人的") });
    const dialog = openDialog({
      title: t("他人刚刚改了这份草稿"),
      className: "conflict",
      parts: [
        element("p", { textContent: met.length ? t("下面这些区在您改动之前已被他人改过。选“用我的”，在他人改后的草稿上再做一次您的改动；选“用他人的”，放弃您的这一步和其后未保存的步骤。") : t("您的这一步“{name}”是在旧状态上做的。可以在新状态上再做一次，或放弃。", { name: gesture.title }) }),
        ...rows,
        element("div", { className: "row" }, yield_, keep),
      ],
      onClose: (answer) => (answer === "mine" ? this.again(etag) : this.work.reopen()),
    });
    keep.addEventListener("click", () => dialog.close("mine"));
    yield_.addEventListener("click", () => dialog.close("theirs"));
  }
}

function zoneRow(id, shapes) {
  const boxes = Object.values(shapes).map((shape) => shape && boxOf(shape)).filter(Boolean);
  const box = boxes.reduce((all, one) => [Math.min(all[0], one[0]), Math.min(all[1], one[1]), Math.max(all[2], one[2]), Math.max(all[3], one[3])]);
  const named = { base: t("原来"), mine: t("我的"), theirs: t("他人的") };
  return element(
    "section",
    { className: "three" },
    element("h3", { textContent: t("区 {zone}", { zone: id }) }),
    ...Object.entries(shapes).map(([who, shape]) =>
      element("figure", {}, picture(shape, box), element("figcaption", { textContent: `${named[who]} · ${shape ? sizeWords(shape) : t("已删除")}` })),
    ),
  );
}

const isGround = (shape) => isClosed(shape[0][0]);
const sizeWords = (shape) => (isGround(shape) ? areaWords(area_m2(shape)) : lengthWords(length_m(shape)));

function picture(shape, [west, south, east, north]) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
  svg.setAttribute("aria-hidden", "true");
  const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = (SIDE - 10) / Math.max((east - west) * narrow, north - south);
  const place = ([lon, lat]) => `${(5 + (lon - west) * narrow * scale).toFixed(1)} ${(5 + (north - lat) * scale).toFixed(1)}`;
  const path = document.createElementNS(NS, "path");
  path.setAttribute("d", (shape ?? []).flatMap((polygon) => polygon.map((ring) => `M${ring.map(place).join("L")}${isClosed(ring) ? "Z" : ""}`)).join(""));
  if (shape?.length && !isGround(shape)) path.style.fill = "none";
  svg.append(path);
  return svg;
}
