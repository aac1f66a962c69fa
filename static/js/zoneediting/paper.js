// The fields of a signed approval sheet that is entered: its scan, who signed it and when, the digest printed on it.
import { element, t } from "../words.js";

export function paperFields() {
  const fields = {
    file: element("input", { type: "file", accept: ".pdf,.jpg,.jpeg,.png", required: true }),
    signed_by: element("input", { maxLength: 80, required: true, autocomplete: "off" }),
    signed_on: element("input", { type: "date", required: true }),
    digest: element("input", { required: true, pattern: "[0-9a-f]{16}", autocomplete: "off", spellcheck: false }),
  };
  const titles = { file: t("签字的审批单（PDF、JPEG 或 PNG）"), signed_by: t("签字人"), signed_on: t("签字日期"), digest: t("审批单上的内容摘要（16 位）") };
  const parts = Object.entries(fields).flatMap(([name, field]) => {
    field.id = `paper-${name}`;
    return [element("label", { htmlFor: field.id, textContent: titles[name] }), field];
  });
  const form = () => {
    const told = new FormData();
    for (const [name, field] of Object.entries(fields)) told.append(name, name === "file" ? field.files[0] : field.value.trim());
    return told;
  };
  return { form, parts };
}
