"""How is pithtex released? Addresses, the check before a release, and recipes for packages; no part of the program."""
