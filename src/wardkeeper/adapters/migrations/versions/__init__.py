"""One module a change of the schema. A module that was released is never edited: the next change is a new one."""
