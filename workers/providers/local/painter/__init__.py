"""A painter without a picture model: ink washes and brush strokes by arithmetic, in processes of their own."""

from workers.providers.local.painter.painter import LocalPainter as LocalPainter
