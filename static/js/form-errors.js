// What is wrong with a form, said next to the field it is about; what fits no field is said on top.
export function showTroubles(form, troubles) {
  const fields = new Map([...form.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field]));
  for (const field of fields.values()) field.querySelector(".field-trouble").textContent = "";
  const top = form.querySelector("#form-trouble, .form-trouble");
  const homeless = [];
  let first = null;
  for (const trouble of troubles) {
    const field = fields.get(fieldOf(trouble, fields));
    const words = trouble.message || trouble.msg || trouble.detail || "";
    if (!field) homeless.push(words);
    else {
      const place = field.querySelector(".field-trouble");
      place.textContent = [place.textContent, words].filter(Boolean).join(" ");
      first ??= field;
    }
  }
  top.textContent = homeless.join(" ");
  top.hidden = !homeless.length;
  for (let fold = first?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  first?.querySelector("[aria-describedby], input, select")?.focus({ preventScroll: true });
  first?.querySelector(".field-trouble").scrollIntoView({ block: "center" });
}

function fieldOf(trouble, fields) {
  const path = trouble.field ?? trouble.pointer ?? trouble.loc ?? [];
  const steps = Array.isArray(path) ? path.map(String) : String(path).split(/[./]/);
  const named = steps.find((step) => fields.has(step));
  return named || (steps.includes("coordinates") ? "geometry" : null);
}
