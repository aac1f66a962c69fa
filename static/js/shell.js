// What every page brings: its keys, the search, and a font where this computer has none.
import "./core/keymap.js";
import "./fonts.js";
import "./search.js";
import "./sheets.js";
