"""Files come in here: contracts, decoding, standardising, quality and quarantine."""
