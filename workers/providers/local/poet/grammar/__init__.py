"""The grammar: openings made for one topic, from a lexicon of nouns and the forms they are said in."""
