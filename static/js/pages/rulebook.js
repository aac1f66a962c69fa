// The rulebook pages need no map: they are ready as soon as they are read.
window.READY = 1;
