// What a person wrote into a form before its script was there: on a slow line the page is read long before that.

/** The controls of a form that hold something else than the page came with.
 * @param {HTMLFormElement} form @returns {any[]} */
export function writtenEarly(form) {
  return [...form.elements].filter(differs);
}

/** @param {any} control */
function differs(control) {
  if (!control.name || control.type === "file") return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.options) return control.selectedIndex !== comesWith([...control.options]);
  return "defaultValue" in control && control.value !== control.defaultValue;
}

// The option a select shows unless somebody chooses: the marked one, else the first that may be chosen.
function comesWith(options) {
  const marked = options.findLastIndex((one) => one.defaultSelected);
  return marked >= 0 ? marked : options.findIndex((one) => !one.disabled);
}
