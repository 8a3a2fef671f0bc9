"""The record of everything done: an append-only Merkle tree that anyone can verify."""
