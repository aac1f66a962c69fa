// @ts-check
// The panel of layers, which is the legend too, over a map that fills a narrow page: behind one button, let go by Escape.
import { element, t } from "../words.js";
import { keyboard } from "./keyboard.js";

/** @param {any} map */
export function bringLayersOver(map) {
  const panel = document.getElementById("layers");
  const place = map.getContainer().parentElement;
  if (!panel || !place || !panel.classList.contains("panel")) return;
  const open = element("button", { type: "button", className: "over button layers-button", textContent: t("图层与图例") });
  const close = element("button", { type: "button", className: "button layers-close", ariaLabel: t("关闭"), textContent: "×" });
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
  panel.prepend(close);
  place.append(open);
}
