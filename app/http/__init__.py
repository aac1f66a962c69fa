"""Gates before every feature: names, forwarders, origins; how large a request may be, and when its turn comes."""
