// What an officer typed, pasted or dropped, as one GeoJSON geometry; a mistake is named by its line.
import { t } from "./words.js";

export class UnreadableFootprint extends Error {}

export function readFootprint(text, { shape, geographic }) {
  const trimmed = text.trim();
  if (!trimmed) throw new UnreadableFootprint(t("请绘制红线、粘贴坐标或选择文件。"));
  return trimmed.startsWith("{") ? readGeoJson(trimmed) : readCoordinates(trimmed, { shape, geographic });
}

export function writeFootprint(geometry) {
  const { type, coordinates } = geometry;
  const line = (points) => points.map((point) => point.slice(0, 2).join(",")).join("\n");
  if (type === "Point") return coordinates.slice(0, 2).join(",");
  if (type === "LineString") return line(coordinates);
  if (type === "Polygon" && coordinates.length === 1) return line(coordinates[0]);
  return JSON.stringify(geometry);
}

function readGeoJson(text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    throw new UnreadableFootprint(t("这段文字以花括号开头，但不是完整的 GeoJSON。"));
  }
  const found = document.type === "FeatureCollection" ? document.features : [document];
  if (found?.length !== 1)
    throw new UnreadableFootprint(
      t("文件里有 {n} 个图形，一次只筛查一个；多个地块请用批量筛查。", { n: found?.length ?? 0 }),
    );
  const geometry = found[0].type === "Feature" ? found[0].geometry : found[0];
  if (!geometry?.coordinates) throw new UnreadableFootprint(t("文件里没有可用的图形。"));
  return geometry;
}

function readCoordinates(text, { shape, geographic }) {
  const rings = [[]];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim()) rings.at(-1).push(readPoint(line, i + 1, geographic));
    else if (rings.at(-1).length) rings.push([]);
  }
  const parts = rings.filter((ring) => ring.length);
  if (shape === "Point") return { type: "Point", coordinates: only(parts)[0] };
  if (shape === "LineString") return { type: "LineString", coordinates: atLeast(only(parts), 2) };
  const closed = parts.map((ring) => [closeRing(atLeast(ring, 3))]);
  return closed.length === 1
    ? { type: "Polygon", coordinates: closed[0] }
    : { type: "MultiPolygon", coordinates: closed };
}

function readPoint(line, number, geographic) {
  const values = line
    .trim()
    .split(/[\s,，;；]+/)
    .filter(Boolean)
    .map(Number);
  if (values.length < 2 || values.slice(0, 2).some((value) => !Number.isFinite(value)))
    throw new UnreadableFootprint(t("第 {n} 行不是“经度,纬度”：{line}", { n: number, line: line.trim() }));
  const [x, y] = values;
  if (geographic && Math.abs(y) > 90 && Math.abs(x) <= 90)
    throw new UnreadableFootprint(t("第 {n} 行经纬度写反了：经度在前，纬度在后。", { n: number }));
  if (geographic && (Math.abs(x) > 180 || Math.abs(y) > 90))
    throw new UnreadableFootprint(t("第 {n} 行不是经纬度；投影坐标请先选坐标系。", { n: number }));
  return [x, y];
}

function only(parts) {
  if (parts.length > 1) throw new UnreadableFootprint(t("点或线只能有一组坐标，请去掉空行。"));
  return parts[0];
}

function atLeast(points, count) {
  const distinct = new Set(points.map(String)).size;
  if (distinct < count)
    throw new UnreadableFootprint(t("至少要 {n} 个不同的点，现在只有 {found} 个。", { n: count, found: distinct }));
  return points;
}

function closeRing(ring) {
  return String(ring[0]) === String(ring.at(-1)) ? ring : [...ring, ring[0]];
}
