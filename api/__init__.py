"""The learner's door: HTTP in, rows and a bell out. Begin reading in app.py."""
