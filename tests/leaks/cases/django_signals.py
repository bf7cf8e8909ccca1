"""A view connects a receiver for each request, and strongly: Django's signal keeps it and the request.

leaks: receivers
kept: function
issue: https://github.com/e-valuation/EvaP/issues/1361
needs: Django
"""

import django
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=["testserver"], MIDDLEWARE=[])
django.setup()

from django.dispatch import Signal, receiver
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path, resolve
from steady import rounds

granted = Signal()


def edit_user(request, number):
    messages = []

    @receiver(granted, weak=False)
    def notify_reward_points(sender, **_):
        messages.append(f"{request.path}: {sender}")

    return HttpResponse(f"user {number}")


urlpatterns = [path("users/<int:number>", edit_user)]
factory = RequestFactory()
for number in rounds(100):
    request = factory.get(f"/users/{number}")
    found = resolve(request.path)
    found.func(request, **found.kwargs)
