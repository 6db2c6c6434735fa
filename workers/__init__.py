"""Does the paid work: claims jobs, runs kinds, calls providers."""
