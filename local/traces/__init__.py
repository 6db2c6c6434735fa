"""Traces on one machine: receives what the programs tell, and shows each as a waterfall."""
