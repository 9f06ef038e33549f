"""The table of clause patterns."""

from scanner.model.base import Doc


class ClauseTable(Doc):
    """`tables/policy_clauses.yaml`."""

    checked: str
    source: tuple[str, ...]
    not_negation: str
    negation: str
    withdrawn: str
    anaphor: str
    deniable: str
    negation_stop: str
    exception: str
    bounded_behind: str
    given_after_all: str
    given_only: str
    given_where: str
    conditional: str
    actors: dict[str, tuple[str, ...]]
    plain_subjects: tuple[str, ...]
    predicate: str
    attributive: str
    recognisable: str
    disposal: str
    basis: str
    reached_for: tuple[str, ...]
    qualifiers: tuple[str, ...]
    carried: tuple[str, ...]
    shown: tuple[str, ...]
    to_user: str
    to_us: str
    our_servers: str
    receiver: str
    outward: str
    owner: str
    case: str
    topic: str
    handed: str
    passive: str
    visible: str
    named: str
    abroad_to: str
    supposed_abroad: str
    beside_us: str
    not_done: str
    verbs: dict[str, tuple[str, ...]]
    used: str
    put_to_use: str
    kept: str
    adverbial: str
    helped: str
    means: str
    to_other: str
    reported: tuple[str, ...]
    uploaded: tuple[str, ...]
    submitted: str
    to_user_given: str
    checking: tuple[str, ...]
    row_name: str
    worked_on: str
    done_for_it: str
    no_purpose: str
    helps: str
    aimed: str
    may: str
    judged_by: str
    asks_for: str
    through: str
    used_for: str
    drawn: tuple[str, ...]
    allowed: str
    done_to: str
    handed_over: str
    our_kit: str
    no_case: str
    as_user: str
    when: str
    asked_to: str
    derived: str
    asked_of: str
    published: str
    ours: tuple[str, ...]
    reached_by: str
    reached: str
    done_then: str
    beside_own: str
    kit_used: str
    kit_topic: str
    told_behind: str
    written: str
    rest: str
    put_into_use: str
    examined: str


# Verbs and parties are made by hundreds a page: to freeze them would take twice the time.
