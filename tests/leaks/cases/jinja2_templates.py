"""Templates that users type are compiled and cached for good.

leaks: compiled_templates
kept: Template
issue: https://github.com/home-assistant/core/pull/3561
needs: Jinja2
"""

from jinja2.sandbox import SandboxedEnvironment
from steady import rounds

environment = SandboxedEnvironment()
compiled_templates = {}


def render(source, **values):
    if source not in compiled_templates:
        compiled_templates[source] = environment.from_string(source)
    return compiled_templates[source].render(values)


for number in rounds(40, warm_up=60):
    render(f"{{{{ state }}}} is {{% if state > {number} %}}on{{% else %}}off{{% endif %}}", state=number)
