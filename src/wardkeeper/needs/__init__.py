"""Finds who needs which help in a hazard, and why: rules over factors, ranked homes, honest coverage."""
