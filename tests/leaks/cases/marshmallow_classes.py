"""A class of a schema is made for every message, and marshmallow registers each.

leaks: _registry | classes
kept: SchemaMeta
issue: https://github.com/marshmallow-code/marshmallow/issues/732
needs: marshmallow
"""

import marshmallow
from steady import rounds


def read_message(number):
    schema = type("MessageSchema" + str(number), (marshmallow.Schema,), {"id": marshmallow.fields.Int()})
    return schema().load({"id": number})


for number in rounds(30, warm_up=60):
    read_message(number)
