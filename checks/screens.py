"""Whether an app's screens can be read at all."""

from checks.judging import judging
from profiles.model import Knowledge
from scanner.model.static import StaticEvidence


def drawn_by_engine(static: StaticEvidence, know: Knowledge) -> bool:
    """Tell whether a cross-platform framework or game engine draws the screens, so that layouts
    and strings show nothing of them.
    """
    owners = {match.sdk for match in static.sdks}
    owners |= {match.library for match in static.libraries}
    return bool(owners & set(judging(know).drawing_sdks))
