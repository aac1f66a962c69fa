"""What stands before every feature: names, forwarders and origins; how large a request may be, and when its turn comes."""
