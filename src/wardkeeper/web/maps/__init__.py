"""Maps drawn on the server as SVG: they need no script, no tiles and no other site, and they print."""
