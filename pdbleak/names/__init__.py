"""Safe names for objects, types and references; runs no user code, never raises, keeps no object."""

from pdbleak.names.forms import form, repr_form
from pdbleak.names.origins import origin_of
from pdbleak.names.references import reference_names
from pdbleak.names.traits import is_finalized, is_remembered, lacks_weak, remembered_state, weak_references
from pdbleak.names.types import has_finalizer, type_name

__all__ = [
    "form",
    "has_finalizer",
    "is_finalized",
    "is_remembered",
    "lacks_weak",
    "origin_of",
    "reference_names",
    "remembered_state",
    "repr_form",
    "type_name",
    "weak_references",
]
