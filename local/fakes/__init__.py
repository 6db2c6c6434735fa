"""Servers on loopback that speak Amazon's protocols and answer with what this machine's own poet, painter and voice make."""
