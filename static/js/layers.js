// The layer panel: what its checkboxes and radios do to the map.

export function themesOf(overview) {
  return overview.layers
    .filter((layer) => layer.grade_scheme)
    .map((layer) => ({
      key: `${layer.hazard}/${layer.product}`,
      hazard: layer.hazard,
      name: layer.hazard_name,
      scheme: layer.grade_scheme,
      count: layer.count,
    }));
}

// Sets radios and checkboxes to what the address asks for, before anything is drawn.
export function restoreLayers(panel, view) {
  const asked = view.get("theme");
  const radio = asked && panel.querySelector(`[name=theme][value="${CSS.escape(asked)}"]`);
  if (radio) radio.checked = true;
  for (const [name, key] of [
    ["overlay", "overlays"],
    ["objects", "objects"],
  ]) {
    const shown = view.list(key);
    if (shown) for (const box of panel.querySelectorAll(`[name=${name}]`)) box.checked = shown.includes(box.value);
  }
}

// The same after a step back: what the address says otherwise than the panel is changed there, as by hand.
export function returnLayers(panel, view) {
  const boxes = [...panel.querySelectorAll("[name=theme], [name=overlay], [name=objects]")];
  const before = boxes.map((box) => box.checked);
  restoreLayers(panel, view);
  for (const [place, box] of boxes.entries())
    if (box.checked !== before[place] && (box.checked || box.type === "checkbox")) box.dispatchEvent(new Event("change", { bubbles: true }));
}

export function bindLayers(panel, zones, themes, onTheme) {
  const chosen = () => themes.find((theme) => theme.key === panel.querySelector("[name=theme]:checked")?.value);
  const overlay = (box) => zones.showOverlay(box.value, box.checked && box.value !== chosen()?.key);
  const overlays = () => Promise.all([...panel.querySelectorAll("[name=overlay]")].map(overlay));
  const theme = async () => {
    const picked = chosen();
    onTheme?.(picked);
    await Promise.all([picked && zones.showTheme(picked), overlays()]);
  };
  const reactions = {
    theme,
    grade: (box) => zones.showRank(box.value, box.checked),
    overlay,
  };
  panel.addEventListener("change", ({ target }) => reactions[target.name]?.(target));
  return theme();
}
