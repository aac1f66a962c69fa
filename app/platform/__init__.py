"""The platform of a deployment: settings, database, rulebooks, who may do what, errors, the clock."""
