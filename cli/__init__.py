"""The `sitewire` command: thin commands over library modules."""
