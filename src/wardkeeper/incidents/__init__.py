"""One live picture for every agency: events, the state they fold into, and checks."""
