"""Pure judgement: grades, rules, opinions. No database, no web, no clock, no network."""
