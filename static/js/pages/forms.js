// Pages with forms that place nothing on a map.
import { RegisterForm } from "../forms.js";

for (const form of document.querySelectorAll("form[data-form]")) new RegisterForm(form).draft.begin();
