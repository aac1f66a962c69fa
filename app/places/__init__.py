"""The gazetteer of the town: a place found from a name, an alias, pinyin, a road stake or coordinates."""
