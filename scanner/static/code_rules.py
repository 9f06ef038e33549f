"""The table `static_code.yaml`: what the code side knows about the platform."""

from typing import Literal

from profiles.load import table
from profiles.model import Knowledge
from profiles.once import Once
from scanner.model.base import Doc


class Callback(Doc):
    """Methods (`*` = all) of a platform type that run without a call in the app's code."""

    type: str
    methods: tuple[str, ...]


class Lifecycle(Doc):
    """Methods of a kind of component that run before the user can act."""

    kind: str
    early: tuple[str, ...]


class Calls(Doc):
    """Methods of one platform class."""

    cls: str
    names: tuple[str, ...]


class BehaviourCall(Doc):
    """A behaviour that a call of one of these methods shows."""

    kind: str
    cls: str
    names: tuple[str, ...]


class LoadingSource(Doc):
    """Where loaded code comes from when one of these methods is called near the loader. `starts`
    are beginnings of constant paths that say the same.
    """

    source: Literal["package", "installed-app", "private-files", "external-storage", "network"]
    calls: tuple[Calls, ...] = ()
    starts: tuple[str, ...] = ()


class StringContext(Doc):
    """In which company a string of a kind counts; see the table."""

    kind: str
    firm: tuple[str, ...]
    otherwise: Literal["tentative", "drop"]


class WeakOverride(Doc):
    """An override that switches a protection off when its body is as `verdict` says. `plainly`: a
    body with a branch is a guess, because the call may depend on what the user answered.
    """

    kind: str
    type: str
    method: str
    verdict: Literal["empty", "returns-true", "calls"]
    call: str = ""
    plainly: bool = False


class ScreenshotWatch(Doc):
    """What makes an observer one of screenshots; see the table. `stores` are static fields."""

    words: tuple[str, ...]
    observers: tuple[Calls, ...]
    stores: tuple[Calls, ...]
    addresses: tuple[str, ...]
    folders: tuple[Calls, ...]


class CallWith(Doc):
    """A call that is given these constants (number of the parameter -> value). `descriptors` empty
    = any.
    """

    cls: str
    names: tuple[str, ...]
    given: dict[int, int]
    descriptors: tuple[str, ...] = ()


class KeepAlive(Doc):
    """What the tricks to stay alive are made of; see the table."""

    window_params: str
    pixel_calls: tuple[CallWith, ...]
    loops: tuple[CallWith, ...]
    silent: tuple[CallWith, ...]
    displays: tuple[str, ...]
    notification: str
    foreground: tuple[Calls, ...]
    foreground_ends: tuple[Calls, ...]
    syncs: tuple[Calls, ...]
    sync_action: str
    accounts: tuple[Calls, ...]
    sync_switches: tuple[Calls, ...]
    ends: tuple[Calls, ...]
    starts: tuple[str, ...]
    timers: tuple[Calls, ...]
    binds: tuple[str, ...]


class OtherApps(Doc):
    """Calls whose first argument names a package, what starts a component in the background and
    what opens a screen, and the packages (with all below them) that come with the system.
    `asked_by` ask the system for apps, `infos` are classes of its answers with the package in
    `info_field`; `actions` are calls that are given the action of an intent first.
    """

    named_by: tuple[Calls, ...]
    background: tuple[str, ...]
    screens: tuple[str, ...]
    system: tuple[str, ...]
    asked_by: tuple[Calls, ...]
    actions: tuple[Calls, ...]
    infos: tuple[str, ...]
    info_field: str


class CodeRules(Doc):
    """The whole table."""

    checked: str
    source: tuple[str, ...]
    framework_super: dict[str, str]
    auto_callbacks: tuple[Callback, ...]
    made_from_class: tuple[str, ...]
    silent_types: tuple[str, ...]
    user_callbacks: tuple[str, ...]
    lifecycle: tuple[Lifecycle, ...]
    reflection: tuple[Calls, ...]
    intent_type: str
    intent_narrows: tuple[Calls, ...]
    screen_starts: tuple[Calls, ...]
    screen_waits: tuple[Calls, ...]
    string_context: tuple[StringContext, ...]
    address_readers: tuple[str, ...]
    address_writers: tuple[str, ...]
    request_permissions: tuple[str, ...]
    request_classes: tuple[str, ...]
    request_action: str
    burst_groups: int
    certain_steps: int
    firm_steps: int
    consent_words: tuple[str, ...]
    boolean_readers: tuple[str, ...]
    not_endpoints: tuple[str, ...]
    behaviour_calls: tuple[BehaviourCall, ...]
    early_behaviour_calls: tuple[BehaviourCall, ...]
    loading_kinds: tuple[str, ...]
    loading_sources: tuple[LoadingSource, ...]
    bridge_calls: tuple[Calls, ...]
    bridge_mark: str
    bridge_marks_since: int
    bridge_steps: int
    bridge_answers: tuple[str, ...]
    hotfix_category: str
    hot_update_packages: tuple[str, ...]
    keep_alive_packages: tuple[str, ...]
    keep_alive: KeepAlive
    screenshot_watch: ScreenshotWatch
    other_apps: OtherApps
    overlay_types: dict[int, str]
    weak_overrides: tuple[WeakOverride, ...]

    def early(self, kind: str) -> tuple[str, ...]:
        """Return the early lifecycle methods of a kind of component."""
        return next((row.early for row in self.lifecycle if row.kind == kind), ())


def _read(know: Knowledge) -> CodeRules:
    return table(know, "static_code", CodeRules)


code_rules = Once(_read)
"""The table of a knowledge, decoded once."""
