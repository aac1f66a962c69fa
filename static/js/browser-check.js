// Runs only in browsers that do not know modules: says plainly that this one is too old.
document.getElementById("browser-floor").hidden = false;
