"""Templates are compiled at their first use, one after the other, and then only rendered.

needs: jinja2
"""

from jinja2 import DictLoader, Environment
from steady import rounds

pages = {f"page{n}": f"<h1>{n}</h1>{{% for x in xs %}}<p>{{{{ x }}}}</p>{{% endfor %}}" for n in range(30)}
environment = Environment(loader=DictLoader(pages), autoescape=True)

for number in rounds(60):
    environment.get_template(f"page{number % 30}").render(xs=range(number % 10))
