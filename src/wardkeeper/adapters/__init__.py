"""What touches the outside: the vault, keys, database, files and the clock. `bootstrap` chooses among them."""
