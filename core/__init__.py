"""What api and workers agree on: contracts, rows, files, bells and events. Imports neither of them."""
