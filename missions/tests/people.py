"""People who are signed in."""

from django.contrib.auth.models import Group, User
from django.test import Client

from missions import people


def signed_in(group: str, name: str | None = None) -> Client:
    """A client of a member of one of the groups."""
    people.groups_sync()
    user = User.objects.create_user(name or group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client
