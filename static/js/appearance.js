// Light or dark, before anything is painted: what the reader chose last, else what the system asks for.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("anzhi-appearance");
    } catch {
      return null;
    }
  };
  const apply = () => {
    root.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
    document.getElementById("appearance")?.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("DOMContentLoaded", () => {
    apply();
    // On a phone the bar is wider than the screen.
    const here = /** @type {HTMLElement | null} */ (document.querySelector(".bar nav [aria-current]"));
    if (here) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
    document.getElementById("appearance")?.addEventListener("click", () => {
      try {
        localStorage.setItem("anzhi-appearance", root.dataset.theme === "dark" ? "light" : "dark");
      } catch {
        root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      }
      apply();
    });
  });
})();
