"""HR's export of changes of career level: each change in exactly one file, which can be taken again."""
