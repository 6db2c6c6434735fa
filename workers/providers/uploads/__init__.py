"""Look at what somebody uploaded, from a distance: a process of its own, with little memory and little time, opens it."""

from workers.providers.uploads.inspector import PictureInspector

__all__ = ["PictureInspector"]
