"""One stack for each thing that is deployed by itself."""
