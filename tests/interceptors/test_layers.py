"""Patches of ours and of other tools, entered and left in any order: who answers, what stands, what is left."""

from itertools import permutations

import pytest
from helpers import Answering

from emoji_mock.contract.exchange import Request, Response
from emoji_mock.interceptors.base import Interceptor, Patch

VENDOR, ELSEWHERE = "dashscope.aliyuncs.com", "example.org"


def new_library():
    """Return a class as a library defines it: what users call, and what that calls to connect."""

    class Library:
        def get(self, host):
            return self.connect(host)

        def connect(self, host):
            return ["library", host]

    # The functions of a class within a function are named after both; a library's are not.
    Library.__qualname__ = "Library"
    for name in ("get", "connect"):
        function = vars(Library)[name]
        function.__code__ = function.__code__.replace(co_qualname=f"Library.{name}")
    return Library


class Other:
    """Another tool that replaces the function, as `mock.patch` does: it saves what stands, and puts that back."""

    def __init__(self, library, name, *, passes_on):
        self.library, self.name, self.passes_on = library, name, passes_on

    def enter(self):
        """Replace."""
        saved = self.saved = vars(self.library)["get"]
        self.library.get = lambda self_, host: saved(self_, host) if self.passes_on else [self.name, host]

    def leave(self):
        """Put back."""
        self.library.get = self.saved


class OurInterceptor(Interceptor):
    """Answers by the port."""

    def __init__(self, library):
        # Two, as in each interceptor: a tool that had started before us takes the first one away when it ends.
        super().__init__(Patch(library, "get", self._get), Patch(library, "connect", self._get))

    def _get(self, original):
        def get(client, host):
            port = self.port_for(host)
            return original(client, host) if port is None else [port.answer(Request("GET", "/")).body.decode(), host]

        return get


class Ours:
    """A fake that is installed."""

    def __init__(self, interceptor, name):
        self.interceptor, self.name = interceptor, name

    def enter(self):
        """Install."""
        self.uninstall = self.interceptor.install(Answering(lambda _: Response(200, (), self.name.encode())))

    def leave(self):
        """Uninstall."""
        self.uninstall()


def layers(function):
    """Return how many layers of ours stand on top of each other."""
    depth = 0
    while function.__module__.startswith("emoji_mock"):
        function, depth = vars(function)["_emoji_mock_layer"].below, depth + 1
    return depth


def orders(names):
    """Return all orders in which each name is entered and then left."""
    events = [(name, step) for name in names for step in ("enter", "leave")]
    for order in permutations(events):
        if all(order.index((name, "enter")) < order.index((name, "leave")) for name in names):
            yield order


def is_nested(order, others):
    """Return whether the other tools themselves come off in the reverse order."""
    stack = []
    for name, step in order:
        if name in others:
            if step == "enter":
                stack.append(name)
            elif stack.pop() != name:
                return False
    return True


def uncovers_an_older_one(order):
    """Return whether, under a fake, the end of one older tool puts back another older one, of which nobody is told."""
    started = []
    for name, step in order:
        fakes = [started.index(each) for each in started if each in "FG"]
        if step == "leave" and name in "AB" and fakes:
            older = [each for each in started[: max(fakes)] if each in "AB"]
            if name in older and len(older) > 1:
                return True
        (started.append if step == "enter" else started.remove)(name)
    return False


ORDERS = {
    "one fake, one other": list(orders(["F", "A"])),
    "two fakes, one other": list(orders(["F", "G", "A"])),
    "one fake, two others": [order for order in orders(["F", "A", "B"]) if is_nested(order, "AB")],
    "two fakes, two others": [order for order in orders(["F", "G", "A", "B"]) if is_nested(order, "AB")],
}


def play(order, *, passes_on):
    """Play an order twice, checking after each step; return what stands at the end."""
    library = new_library()
    own, interceptor = (vars(library)["get"], vars(library)["connect"]), OurInterceptor(library)
    for _ in range(2):
        actors = {name: Ours(interceptor, name) for name in "FG"}
        actors |= {name: Other(library, name, passes_on=passes_on) for name in "AB"}
        started = []
        for name, step in order:
            getattr(actors[name], step)()
            (started.append if step == "enter" else started.remove)(name)
            newest_fake = next((each for each in reversed(started) if each in "FG"), None)
            first = newest_fake or "library" if passes_on else started[-1] if started else "library"
            assert library().get(VENDOR)[0] == first, (order, name, step)
            assert library().get(ELSEWHERE)[0] in ("library", *started)
            assert layers(vars(library)["get"]) <= 1
    return own, interceptor, library


@pytest.mark.parametrize("kind", ORDERS)
@pytest.mark.parametrize("passes_on", [True, False], ids=["wrappers", "replacements"])
def test_in_any_order_the_latest_answers_and_all_is_restored(kind, passes_on):
    """Whoever started last answers the vendor; at most one layer of ours stands on another; at the end calls arrive."""
    for order in ORDERS[kind]:
        if not passes_on and uncovers_an_older_one(order):
            continue
        own, interceptor, library = play(order, passes_on=passes_on)
        assert library().get(VENDOR) == ["library", VENDOR], order
        interceptor.install(Answering(lambda _: Response(200)))()  # removes what another tool had put back
        assert (vars(library)["get"], vars(library)["connect"]) == own, order


def test_an_inner_fake_leaves_the_precedence_as_it_was():
    """A tool that started after the outer fake goes first again when the inner fake has gone."""
    library = new_library()
    interceptor = OurInterceptor(library)
    outer, inner, other = Ours(interceptor, "outer"), Ours(interceptor, "inner"), Other(library, "A", passes_on=False)
    outer.enter()
    other.enter()
    assert library().get(VENDOR)[0] == "A"
    inner.enter()
    assert library().get(VENDOR)[0] == "inner"
    inner.leave()
    assert library().get(VENDOR)[0] == "A"
    other.leave()
    assert library().get(VENDOR)[0] == "outer"
    outer.leave()


def test_layers_do_not_pile_up():
    """However often fakes and other tools take turns, one layer of ours is left at most."""
    library = new_library()
    interceptor = OurInterceptor(library)
    for nth in range(500):
        ours, other = Ours(interceptor, "F"), Other(library, "A", passes_on=True)
        for actor in (ours, other) if nth % 2 else (other, ours):
            actor.enter()
        ours.leave()
        other.leave()
    assert layers(vars(library)["get"]) <= 1
    assert library().get(VENDOR) == ["library", VENDOR]


def test_an_interceptor_that_cannot_be_placed_is_not_installed():
    """A library without the function raises KeyError, and nothing answers afterwards."""
    library = new_library()
    interceptor = OurInterceptor(library)
    del library.get
    with pytest.raises(KeyError):
        interceptor.install(Answering(lambda _: Response(200)))
    assert interceptor.port_for(VENDOR) is None


def test_what_a_tool_has_kept_from_within_a_fake_answers_as_the_library_does():
    """A tool that is imported within a fake within a blocker keeps neither: later its calls reach the library."""
    library = new_library()
    blocker, ours = Other(library, "A", passes_on=False), Ours(OurInterceptor(library), "F")
    blocker.enter()
    ours.enter()
    kept = vars(library)["get"]
    assert (kept(library(), VENDOR)[0], kept(library(), ELSEWHERE)[0]) == ("F", "A")
    ours.leave()
    blocker.leave()
    assert (kept(library(), VENDOR)[0], kept(library(), ELSEWHERE)[0]) == ("library", "library")


def test_a_replacement_is_made_once():
    """Interceptions that follow each other place the same replacement on the library's own function, and take it away.

    One beside another, or on the function of another tool, has a replacement of its own.
    """
    library, made = new_library(), []

    class Counting(OurInterceptor):
        def _get(self, original):
            made.append(original)
            return super()._get(original)

    interceptor, own = Counting(library), (vars(library)["get"], vars(library)["connect"])
    for _ in range(3):
        uninstall = interceptor.install(Answering(lambda _: Response(200, (), b"ours")))
        assert library().get(VENDOR) == ["ours", VENDOR]
        uninstall()
        assert (vars(library)["get"], vars(library)["connect"]) == own
        assert library().get(VENDOR) == ["library", VENDOR]
    assert made == [*own]
    tool = Other(library, "theirs", passes_on=True)
    tool.enter()
    theirs = vars(library)["get"]
    uninstall = interceptor.install(Answering(lambda _: Response(200, (), b"ours")))
    uninstall()
    tool.leave()
    assert made == [*own, theirs]
