"""Every object of the heap is captured, with the references and the size that the interpreter tells of it."""

from __future__ import annotations

import ctypes
import gc
import struct
import sys
import tracemalloc
import types
import weakref
from collections import Counter, OrderedDict, defaultdict, deque

import pytest
from live import Node, Slotted, flagged, known, refers

from pdbleak._native import managed_dict
from pdbleak.heap import GARBAGE, IMMORTAL, MODULE, NAMESPACE, ROOT, TRACKED, TYPE, take_capture

# Py_TPFLAGS_HEAPTYPE: made by a class statement.
HEAP_TYPE = 1 << 9
pytestmark = pytest.mark.usefixtures("quiet")
HELD: dict[str, object] = {}


def test_a_drawn_heap_is_captured_reference_by_reference():
    top, left, right, bottom = Node(), [], {}, Slotted()
    top.left, top.right = left, right
    left += [bottom, bottom]
    right["bottom"] = bottom
    bottom.left = top
    heap = take_capture()
    assert refers(heap, top, left) == refers(heap, top, right) == 1
    assert refers(heap, left, bottom) == 2
    assert refers(heap, right, bottom) == refers(heap, bottom, top) == 1
    assert refers(heap, left, top) == refers(heap, bottom, left) == 0


def test_an_instance_refers_to_its_class():
    item = Node()
    heap = take_capture()
    assert refers(heap, item, Node) == 1
    assert flagged(heap, Node, TYPE)
    assert not flagged(heap, item, TYPE)


def test_untracked_containers_and_their_atoms_are_captured():
    text, number, data = f"atom {len(HELD)}", 10**20 + len(HELD), bytes(range(50, 100))
    pair, table = tuple([text, number]), dict([("data", data)])  # noqa: C409, C406 - not constants
    holder = [pair, table]
    gc.collect()
    heap = take_capture()
    assert not gc.is_tracked(pair)
    assert gc.is_tracked(table) == (sys.version_info >= (3, 14))
    assert refers(heap, pair, text) == refers(heap, pair, number) == 1
    assert refers(heap, table, data) == 1
    assert refers(heap, holder, pair) == refers(heap, holder, table) == 1
    assert not flagged(heap, pair, TRACKED)
    assert flagged(heap, holder, TRACKED)


class Registry(dict):
    """A dict with a class of the program's."""


@pytest.mark.parametrize("make", [dict, Registry, Counter, lambda: defaultdict(list), OrderedDict])
def test_strings_that_only_a_dict_holds_as_its_keys_are_captured(make):
    table = make()
    for number in range(100):
        table[f"seen {number} {id(table)}"] = None
    del table[f"seen 50 {id(table)}"]
    heap = take_capture()
    strings = [known(heap, key) for key in table]
    # An OrderedDict holds each key twice: in its table, and in the list of its order.
    times = 2 if make is OrderedDict else 1
    assert [list(heap.graph.referrers(node)) for node in strings] == [[known(heap, table)] * times] * 99
    assert not any(heap.unexplained[node] or heap.has(node, ROOT | GARBAGE) for node in strings)
    assert sum(heap.size(node) for node in strings) == sum(map(sys.getsizeof, table))


@pytest.mark.parametrize("make", [set, frozenset, dict.fromkeys])
def test_elements_and_keys_of_every_kind_are_captured(make):
    items = [f"text {len(HELD)} {id(make)}", 10**20 + id(make), (1.5, id(make)), b"%d" % id(make)]
    held = make(items)
    heap = take_capture()
    for item in items:
        assert refers(heap, held, item) == 1
        assert heap.unexplained[known(heap, item)] == 0


def test_the_names_that_instances_share_are_not_their_dicts_own():
    items = [Node() for _ in range(3)]
    for item in items:
        item.shared_name = []
    namespaces = [item.__dict__ for item in items]
    heap = take_capture()
    (name,) = [key for key in namespaces[0] if key == "shared_name"]
    assert [refers(heap, namespace, name) for namespace in namespaces] == [0, 0, 0]


def test_constants_are_held_by_their_code():
    source = compile("def f():\n    return named, ('one', 'two', 1e100)\n", "drawn.py", "exec")
    code = next(each for each in source.co_consts if type(each) is types.CodeType)
    heap = take_capture()
    assert refers(heap, source, source.co_consts) == 1
    assert refers(heap, source.co_consts, code) == 1
    assert refers(heap, code, code.co_consts) == refers(heap, code, code.co_names) == 1


def test_the_dict_that_an_instance_shares_with_its_inline_values_is_captured():
    item = Node()
    item.one = [1]
    namespace = item.__dict__
    heap = take_capture()
    assert refers(heap, item, namespace) == 1
    assert refers(heap, item, item.one) + refers(heap, namespace, item.one) == 1


def test_classes_created_at_run_time_are_told_apart():
    makers = [type("Request", (), {"serial": serial}) for serial in range(50)]
    items = [maker() for maker in makers]
    heap = take_capture()
    assert len({heap.type_of[known(heap, item)] for item in items}) == 50
    assert len(heap.nodes_of(["Request"])) == 0
    assert len(heap.nodes_of([f"{__name__}.Request"])) == 50


def test_a_class_of_a_metaclass_is_a_type_of_that_name():
    meta = type("Meta", (type,), {})
    made = meta("Made", (), {})
    item = made()
    heap = take_capture()
    assert heap.type_name(known(heap, made)) == f"{__name__}.Meta"
    assert flagged(heap, made, TYPE)
    assert flagged(heap, meta, TYPE)
    assert refers(heap, item, made) == 1


def test_a_weak_reference_refers_to_its_callback_and_not_to_its_object():
    item, callback = Node(), lambda _: None
    weak = weakref.ref(item, callback)
    heap = take_capture()
    assert refers(heap, weak, item) == 0
    assert refers(heap, weak, callback) == 1


def test_modules_and_namespaces_are_marked():
    module = types.ModuleType("drawn")
    code = compile("def f(): pass", "drawn.py", "exec")
    apart: dict[str, object] = {}
    exec(code, apart)
    heap = take_capture()
    assert flagged(heap, module, MODULE)
    assert flagged(heap, module.__dict__, NAMESPACE)
    assert flagged(heap, apart, NAMESPACE)
    assert not flagged(heap, HELD, NAMESPACE)


def test_frozen_objects_are_found_through_what_refers_to_them():
    item = [Node()]
    HELD["frozen"] = item
    gc.freeze()
    try:
        heap = take_capture()
        assert refers(heap, HELD, item) == 1
        # Static types hide their namespaces: their methods are not met.
        assert heap.unseen < gc.get_freeze_count() / 5
        assert not flagged(heap, item, GARBAGE)
    finally:
        gc.unfreeze()
        HELD.clear()


def test_the_constants_are_immortal_on_every_version():
    heap = take_capture()
    for item in (None, True, False, Ellipsis, NotImplemented):
        assert flagged(heap, item, IMMORTAL)
        assert heap.unexplained[known(heap, item)] == 0


@pytest.mark.skipif(sys.version_info < (3, 12), reason="immortal objects: PEP 683")
def test_immortal_objects_are_marked_and_never_held_by_c():
    heap = take_capture()
    for item in (None, True, (), int, ""):
        assert flagged(heap, item, IMMORTAL)
        assert heap.unexplained[known(heap, item)] == 0


def has_table_of_strings(item: dict) -> bool:
    """Read from its layout whether a dict has a table of its own for strings only."""
    table = ctypes.c_void_p.from_address(id(item) + 32).value
    values = ctypes.c_void_p.from_address(id(item) + 40).value
    return values is None and ctypes.c_uint8.from_address(table + 10).value == 1


DESCRIPTORS = (
    types.MemberDescriptorType,
    types.GetSetDescriptorType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)


def is_unshown(heap, holder, address):
    """Tell whether an object there is one that a class, module or descriptor holds and no traversal shows.

    Of a class the tuple of its slots' names and the weak references to the classes below, of a module
    `md_name`, of a descriptor `d_name` and `d_qualname`.
    """
    offsets = [48] if type(holder) is types.ModuleType else [24, 32] if type(holder) in DESCRIPTORS else []
    if address in [ctypes.c_size_t.from_address(id(holder) + offset).value for offset in offsets]:
        return True
    node = heap.node_at(address)
    item = heap.resolve([node]).get(node)
    if isinstance(holder, type):
        below = type.__subclasses__(holder)
        if type(item) is dict:
            return [each for each in map(weakref.ref.__call__, item.values()) if each is not None] == below
        return type(item) is tuple and {*map(type, item)} <= {str}
    return False


def test_every_reference_of_every_object_is_the_interpreter_s():
    # A first Counter of each kind fills the caches of their abstract base class.
    assert Counter(map(id, ())) == Counter({})
    asyncio = sys.modules.get("_asyncio")
    before = gc.get_objects()
    heap = take_capture()
    wrong = []
    for item in before:
        node = heap.node_of(item)
        # Dead objects may hang on the module of asyncio; frames go on while this one is compared.
        if node is None or item is before or item is asyncio or type(item) is types.FrameType:
            continue
        expected = Counter(map(id, gc.get_referents(item)))
        namespace = managed_dict(item) if sys.version_info >= (3, 13) else None
        if namespace is not None and id(namespace) not in expected:
            expected[id(namespace)] += 1
        if dict in type(item).__mro__ and has_table_of_strings(item):
            # A dict's traversal passes over the keys of such a table, which holds them all the same.
            expected.update(map(id, dict.keys(item)))
        captured = Counter(heap.addresses[other] for other in heap.graph.referents(node))
        if isinstance(item, type) and item.__flags__ & HEAP_TYPE:
            # Its traversal passes over its names, which it holds all the same.
            for name in ("__name__", "__qualname__"):
                expected[id(type.__dict__[name].__get__(item))] += 1
        for each in captured - expected:
            expected[each] += is_unshown(heap, item, each)
        left_out = {address for address in expected if heap.node_at(address) is None}
        for address in left_out:
            del expected[address]
        if captured != expected:
            wrong.append((type(item), captured, expected))
    assert len(before) > 20_000
    assert wrong == []


def test_every_size_is_the_interpreter_s_and_the_inline_values_besides():
    # Dead objects may hang on the module of asyncio, which `get_referents` would raise.
    asyncio = sys.modules.get("_asyncio")
    before = [item for item in gc.get_objects() if item is not asyncio]
    heap = take_capture()
    wrong, inline = [], 0
    everything = [each for item in before for each in (item, *gc.get_referents(item))]
    for item in everything:
        node = heap.node_of(item) if item is not before else None
        bases = map(vars, type(item).__mro__)
        sizer = next(names["__sizeof__"] for names in bases if "__sizeof__" in names)
        if node is None or type(sizer) is types.FunctionType or isinstance(item, struct.Struct):
            continue
        if "_ctypes" in {base.__module__ for base in type(item).__mro__}:
            # From 3.13 on, sizes of its classes come from a method that wants its defining class: not called.
            continue
        more = heap.size(node) - sys.getsizeof(item)
        inline += more > 0
        flags = type(item).__flags__
        if (more and not flags & 1 << 4) or more < 0 or more % 8 or more > 8 * 36:
            wrong.append((type(item), heap.size(node), sys.getsizeof(item)))
    assert wrong == []
    assert inline > 100


@pytest.mark.parametrize("attributes", [1, 3, 7, 20])
def test_an_instance_weighs_what_its_allocation_took(attributes):
    made = type("Made", (), {})
    names = [f"name{index}" for index in range(attributes)]

    def fill(item):
        for name in names:
            setattr(item, name, None)
        return item

    # The keys that all instances share grow with the first ones.
    places = [fill(made()) for _ in range(50)]
    places = [None] * 1000
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for index in range(1000):
            item = made()
            for name in names:
                setattr(item, name, None)
            places[index] = item
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    heap = take_capture()
    assert managed_dict(places[500]) is None
    assert abs(taken / 1000 - heap.size(known(heap, places[500]))) < 4


def test_four_gibibytes_and_more_are_weighed_in_full():
    try:
        # Zeroed pages that nobody touches: they take no memory.
        held = [bytes(5 << 30), bytes(4 << 30)]
    except MemoryError:
        pytest.skip("no 9 GiB of addresses")
    heap = take_capture()
    nodes = [known(heap, item) for item in held]
    sizes = [sys.getsizeof(item) for item in held]
    # No assertion sees the bytes themselves: it would print them.
    held.clear()
    assert [heap.size(node) for node in nodes] == sizes
    assert heap.total_size(nodes) == sum(sizes) > 9 << 30
    assert sum(sizes) < heap.tally()["bytes"][1] < sum(sizes) + (1 << 30)


def test_a_size_written_in_python_is_not_asked():
    class Lying(list):
        __slots__ = ()

        def __sizeof__(self):
            raise AssertionError

    item = Lying([1, 2, 3])
    heap = take_capture()
    assert heap.size(known(heap, item)) == list.__sizeof__(item) + 16


def test_a_deque_of_many_blocks_is_captured_in_order():
    items = [Node() for _ in range(300)]
    line = deque(items)
    heap = take_capture()
    nodes = list(heap.graph.referents(known(heap, line)))
    assert nodes[-300:] == [known(heap, item) for item in items]


def test_a_name_that_only_the_debugger_looks_up_is_none_of_the_programs():
    names = [f"debuggers_{number}" for number in range(300)]
    shared = [f"shared_{number}" for number in range(300)]
    for name in names + shared:
        assert getattr(Node, name, None) is None
    del name
    namespace = {"HELD": [names, shared]}
    places = [id(name) for name in names]
    del names
    heap = take_capture(own=[namespace, namespace["HELD"]])
    found = [place for place in places if heap.node_at(place) is not None]
    assert found == []
    assert all(flagged(heap, name, ROOT) for name in shared if id(name) in set(heap.looked_up))
    assert all(known(heap, name) >= 0 for name in shared)


def test_what_names_a_class_a_module_or_a_descriptor_is_held_by_nothing_unseen():
    number = id(types)
    module = types.ModuleType(f"a_module_{number}")
    above = type(f"Above{number}", (), {"__slots__": (f"a_slot_{number}",)})
    below = [type("Below", (above,), {}) for _ in range(3)]
    name = vars(module)["__name__"]
    slot = next(each for each in vars(above) if each.startswith("a_slot"))
    heap = take_capture()
    known_names = [heap.node_of(each) for each in (name, slot, above.__name__)]
    assert None not in known_names
    if sys.version_info < (3, 12):
        # Later ones are immortal as soon as they are interned.
        assert [heap.unexplained[node] for node in known_names] == [0, 0, 0]
    assert refers(heap, module, name)
    assert refers(heap, vars(above)[slot], slot)
    registry = [node for node in heap.graph.referents(known(heap, above)) if heap.type_name(node) == "dict"]
    links = {known(heap, weakref.ref(each)) for each in below}
    assert [set(heap.graph.referents(node)) >= links for node in registry].count(True) == 1
    assert all(heap.unexplained[node] == 0 for node in registry)


def test_what_is_made_for_a_call_of_the_debuggers_is_its_own():
    class Session:
        def answer(self):
            return self

    def hold_in_c():
        # In a frame that is gone afterwards: what its stack still shows would look held by it.
        held = [(session,), session.answer, (others,), others.answer]
        for each in held:
            take(each)
        return [id(each) for each in held]

    session, others = Session(), Session()
    take, give = ctypes.pythonapi.Py_IncRef, ctypes.pythonapi.Py_DecRef
    take.argtypes = give.argtypes = [ctypes.py_object]
    places = hold_in_c()
    heap = take_capture(own=[session])
    assert [heap.node_at(place) is None for place in places] == [True, True, False, False]
    for place in places:
        give(ctypes.cast(place, ctypes.py_object))
