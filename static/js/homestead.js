// A rural house, asked about where it will stand: householder, group, corners by position, a photo that never leaves the browser.
import { read } from "./core/api.js";
import { debounce } from "./core/debounce.js";
import { toast } from "./core/toast.js";
import { Newest } from "./newest.js";
import { element, t } from "./words.js";

export const HOMESTEAD_CLASS = "K4";
const ROUGH_M = 5; // a corner known no better than this is a sketch
const WIDEST_PX = 640;
const PATIENCE_MS = 20_000;

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export class Homestead {
  draft;
  form;
  newest = new Newest();

  constructor({ form, draft, map }) {
    Object.assign(this, { form, draft, map });
    at("corner-here").addEventListener("click", () => this.measure());
    at("photo").addEventListener("change", ({ target }) => this.take(target.files[0]));
    at("photo-remove").addEventListener("click", () => draft.history.do("删除照片", { photo: null }));
    form.elements.namedItem("hamlet").addEventListener("input", debounce(() => this.offerGroups(), 200));
    draft.store.watch(["photo", "fixes", "coordinates", "householder", "hamlet"], () => this.show());
    this.show();
  }

  // Where the phone stands becomes the next corner, and how well that is known is said.
  measure() {
    const note = at("corner-note");
    if (!navigator.geolocation || !window.isSecureContext) {
      note.textContent = t("本页不能取得位置（需要 https）；请在图上点出角点。");
      return;
    }
    note.textContent = t("正在定位…");
    const options = { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 };
    navigator.geolocation.getCurrentPosition((found) => this.add(found.coords), () => this.lost(), options);
  }

  lost() {
    at("corner-note").textContent = t("没有取得位置；请到开阔处再试，或在图上点出角点。");
  }

  add({ longitude, latitude, accuracy }) {
    const line = `${longitude.toFixed(7)},${latitude.toFixed(7)}`;
    const { coordinates, fixes } = this.draft.values;
    const lines = [...coordinates.split("\n").filter((one) => one.trim()), line];
    const fix = { line, accuracy_m: Math.ceil(accuracy) };
    this.draft.history.do("量取一角", { coordinates: lines.join("\n"), own: null, fixes: [...fixes, fix] });
    const words = { n: lines.length, m: fix.accuracy_m };
    at("corner-note").textContent =
      fix.accuracy_m > ROUGH_M ? t("第 {n} 角，定位精度 ±{m} 米：只作草图，正式坐标以丈量为准。", words) : t("第 {n} 角，定位精度 ±{m} 米。", words);
  }

  async offerGroups() {
    const words = this.form.elements.namedItem("hamlet").value.trim();
    const current = this.newest.ask();
    if (!words) return;
    const answer = await read("/api/places", { query: { q: words }, signal: current.signal }).catch(() => null);
    if (!answer || !current()) return;
    const groups = answer.items.filter(({ kind }) => kind === "group").map(({ name, village }) => [village, name].filter(Boolean).join(" "));
    at("groups").replaceChildren(...groups.map((value) => element("option", { value })));
  }

  // Small, and without what the camera wrote beside the picture.
  async take(file) {
    at("photo").value = "";
    if (!file) return;
    try {
      this.draft.history.do("添加照片", { photo: await shrunk(file) });
    } catch {
      toast(t("这张照片读不了，请换一张。"));
    }
  }

  show() {
    const { photo, fixes, coordinates, householder, hamlet } = this.draft.values;
    for (const picture of [at("photo-shown"), at("visits-photo")]) {
      picture.hidden = !photo;
      photo ? (picture.src = photo) : picture.removeAttribute("src");
    }
    at("photo-remove").hidden = !photo;
    at("visits-householder").textContent = householder;
    at("visits-group").textContent = hamlet;
    const lines = coordinates.split("\n").filter((one) => one.trim());
    at("visits-corners").replaceChildren(...lines.map((line) => element("li", { textContent: cornerWords(line, fixes) })));
  }
}

export function homesteadName({ householder, hamlet }) {
  return [hamlet, householder].map((one) => one.trim()).filter(Boolean).join(" · ");
}

function cornerWords(line, fixes) {
  const fix = fixes.find((one) => one.line === line);
  return fix ? t("{corner}（手机定位 ±{m} 米）", { corner: line, m: fix.accuracy_m }) : line;
}

async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST_PX / Math.max(picture.width, picture.height));
  const canvas = element("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.6);
}
