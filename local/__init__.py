"""One machine: everything Kotonoha needs, on embedded parts, under one small supervisor and one command."""
