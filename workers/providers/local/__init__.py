"""Tools that need no account: composed, painted and spoken on this machine, and labelled so."""
