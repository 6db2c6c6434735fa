"""A poet without a language model: fragments written by hand, joined so that every join is grammatical."""

from workers.providers.local.poet.poet import LocalPoet as LocalPoet
