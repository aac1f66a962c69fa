// Tabs of a page: each shows its panels, keeps its name in the address, and is walked by arrows.
import { stepTo } from "./core/list.js";

export function bindTabs(bar) {
  const tabs = [...bar.querySelectorAll("[role=tab]")];
  const show = (tab) => {
    for (const one of tabs) {
      one.ariaSelected = String(one === tab);
      one.tabIndex = one === tab ? 0 : -1;
    }
    const panels = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-panel]"))];
    for (const panel of panels) panel.hidden = !panel.dataset.panel.split(" ").includes(tab.dataset.tab);
    for (const panel of panels) if (!panel.hidden) panel.dispatchEvent(new CustomEvent("shown"));
  };
  const named = () => tabs.find((tab) => `#${tab.dataset.tab}` === location.hash);
  const choose = (tab) => {
    const { pathname, search } = location;
    history.replaceState(history.state, "", `${pathname}${search}${tab === tabs[0] ? "" : `#${tab.dataset.tab}`}`);
    show(tab);
  };
  for (const tab of tabs) tab.addEventListener("click", () => choose(tab));
  bar.addEventListener("keydown", ({ key }) => {
    const arrow = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" }[key] ?? key;
    const next = tabs[stepTo(arrow, { at: tabs.indexOf(document.activeElement), count: tabs.length, wraps: true })];
    if (!next) return;
    choose(next);
    next.focus();
  });
  window.addEventListener("hashchange", () => (named() || !location.hash) && show(named() ?? tabs[0])); // else a place on the page
  show(named() ?? tabs[0]);
}
