"""One verb a file. The only place where two cores meet; adapters come in through `ports`."""
