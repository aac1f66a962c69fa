// @ts-check
// The panel of layers, which is the legend too, or else the map's key, over a map that fills a narrow page: behind one
// button, let go by Escape.
import { element, t } from "../words.js";
import { keyboard } from "./keyboard.js";

/** @param {any} map */
export function bringLayersOver(map) {
  const place = map.getContainer().parentElement;
  /** @type {HTMLElement | null} */
  const layers = document.querySelector("#layers.panel");
  const panel = layers ?? place?.querySelector(":scope > .key");
  if (!panel || !place) return;
  const words = layers ? t("图层与图例") : t("图例");
  const open = element("button", { type: "button", className: "over button layers-button", textContent: words });
  const close = element("button", { type: "button", className: "button layers-close", ariaLabel: t("关闭"), textContent: "×" });
  panel.id ||= "map-key";
  open.setAttribute("aria-controls", panel.id);
  /** @param {boolean} shown */
  const show = (shown) => {
    panel.classList.toggle("over-map", shown);
    open.setAttribute("aria-expanded", String(shown));
    (shown ? close : open).focus({ preventScroll: true });
  };
  open.setAttribute("aria-expanded", "false");
  open.addEventListener("click", () => show(!panel.classList.contains("over-map")));
  close.addEventListener("click", () => show(false));
  keyboard.lets({ layer: "drawer", isOpen: () => panel.classList.contains("over-map"), close: () => show(false) });
  if (layers) panel.prepend(close);
  else panel.append(element("li", { className: "layers-close-line" }, close)); // a key is a list
  place.append(open);
}
