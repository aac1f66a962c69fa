"""The shapes of CAD drawings. Its modules are loaded when a drawing is read, because their library is a large one."""
