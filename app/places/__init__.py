"""Where is it: the gazetteer of the town, from a name, an alias, pinyin, a road stake or coordinates."""
