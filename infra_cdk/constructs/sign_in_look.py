"""How the pages to sign in on look: in the colours of the apps, by day and by night. The form is Cognito's own, by its API
reference (DescribeManagedLoginBrandingByClient); what is left out stays as Amazon has it."""

from typing import Any

COLOURS = {
    "paper": ("f4efe4", "14161a"),
    "sheet": ("fcf9f2", "1b1e23"),
    "ink": ("221f1b", "ece6da"),
    "quiet": ("5c554c", "aca598"),
    "line": ("dcd3c2", "373c43"),
    "edge": ("8d8474", "7b828c"),
    "blue": ("274a73", "a8c5ea"),
    "on-blue": ("ffffff", "101b29"),
}
"""Light and dark, of colours.css; a test holds them against it."""


def look() -> dict[str, Any]:
    button = {"backgroundColor": "blue", "textColor": "on-blue"}
    return {
        "categories": {"global": {"colorSchemeMode": "DYNAMIC"}},
        "componentClasses": {
            "focusState": _in_both({"borderColor": "blue"}),
            "input": _in_both({"defaults": {"backgroundColor": "sheet", "borderColor": "edge"}}),
            "inputLabel": _in_both({"textColor": "ink"}),
            "link": _in_both({"defaults": {"textColor": "blue"}, "hover": {"textColor": "ink"}}),
        },
        "components": {
            "pageBackground": {"image": {"enabled": False}} | _in_both({"color": "paper"}),
            "form": _in_both({"backgroundColor": "sheet", "borderColor": "line"}),
            "pageText": _in_both({"headingColor": "ink", "bodyColor": "ink", "descriptionColor": "quiet"}),
            "primaryButton": _in_both(dict.fromkeys(("defaults", "hover", "active"), button)),
        },
    }


def _in_both(names: dict[str, Any]) -> dict[str, Any]:
    return {"lightMode": _coloured(names, 0), "darkMode": _coloured(names, 1)}


def _coloured(value: Any, mode: int) -> Any:
    """The colour of each name, as Cognito writes it: without a hash, with how opaque it is."""
    if isinstance(value, dict):
        return {name: _coloured(each, mode) for name, each in value.items()}
    return f"{COLOURS[value][mode]}ff"
