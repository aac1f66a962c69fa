// The full-page hazard map: the overview's map without projects.
export { attach } from "./overview.js";
