"""The tools as vendors and this machine offer them."""
