"""An app in the browser on a port of its own: its built pages, and behind them the api of its product, one origin for both."""
