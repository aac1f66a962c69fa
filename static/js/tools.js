// The buttons on the map's edge: whole town, full screen, measure, list.
import { Measure } from "./measure.js";
import { element, t } from "./words.js";

const SIGNS = {
  home: "M3 9.2 10 3.5l7 5.7M5 8.4V16h3.6v-4.4h2.8V16H15V8.4",
  full: "M3 7.5V3h4.5M12.5 3H17v4.5M17 12.5V17h-4.5M7.5 17H3v-4.5",
  measure: "M2.8 13.4 13.4 2.8l3.8 3.8L6.6 17.2zM5.7 10.5l1.7 1.7M8.2 8l2.2 2.2M10.7 5.5l1.7 1.7",
  list: "M7.5 5H17M7.5 10H17M7.5 15H17M3 5h1.2M3 10h1.2M3 15h1.2",
};

export function addTools(map, { modes, home, list }) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => element("div", { className: "leaflet-bar map-tools", role: "toolbar", ariaLabel: t("地图工具") });
  control.addTo(map);
  const bar = control.getContainer();
  L.DomEvent.disableClickPropagation(bar);
  const add = (sign, title) => bar.appendChild(toolButton(sign, title));
  add("home", t("看全镇")).addEventListener("click", home);
  addFullScreen(map, add);
  new Measure({ map, modes, button: add("measure", t("测量距离和面积")) });
  if (list) list.bind(add("list", t("对象列表（无需鼠标）")));
}

function addFullScreen(map, add) {
  const whole = map.getContainer().parentElement;
  if (!whole.requestFullscreen) return;
  const button = add("full", t("全屏"));
  button.addEventListener("click", () =>
    document.fullscreenElement ? document.exitFullscreen() : whole.requestFullscreen(),
  );
  document.addEventListener("fullscreenchange", () => {
    button.ariaPressed = String(Boolean(document.fullscreenElement));
  });
}

function toolButton(sign, title) {
  const button = element("button", { type: "button", title, ariaLabel: title, ariaPressed: "false" });
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SIGNS[sign]);
  picture.append(path);
  button.append(picture);
  return button;
}
