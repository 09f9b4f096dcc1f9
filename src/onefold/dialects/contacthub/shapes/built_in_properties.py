"""The base properties that can be switched on and off, and the core paths behind each."""

from collections.abc import Mapping

BASE = "base."

LEAVES: Mapping[str, tuple[str, ...]] = {
    "address.city": ("address.city",),
    "address.country": ("address.country",),
    "address.geo.lat": ("address.latitude",),
    "address.geo.lon": ("address.longitude",),
    "address.province": ("address.province",),
    "address.region": ("address.region",),
    "address.street": ("address.street",),
    "address.zip": ("address.postal_code",),
    "contacts.email": ("contact.email",),
    "contacts.fax": ("contact.fax",),
    "contacts.mobileDevices": ("devices",),
    "contacts.mobilePhone": ("contact.mobile",),
    "contacts.otherContacts": ("contact_points",),
    "contacts.phone": ("contact.landline",),
    "credential.password": ("credential.password", "credential.password_hash"),
    "credential.username": ("credential.username",),
    "dob": ("birth_date",),
    "educations": ("educations",),
    "firstName": ("name.given",),
    "gender": ("gender",),
    "jobs": ("employments",),
    "lastName": ("name.family",),
    "likes": ("likes",),
    "locale": ("locale",),
    "middleName": ("name.middle",),
    "pictureUrl": ("picture",),
    "prefix": ("name.honorific_prefix",),
    "socialProfile.facebook": ("handles.facebook",),
    "socialProfile.google": ("handles.google",),
    "socialProfile.instagram": ("handles.instagram",),
    "socialProfile.linkedin": ("handles.linkedin",),
    "socialProfile.qzone": ("handles.qzone",),
    "socialProfile.twitter": ("handles.twitter",),
    "subscriptions": ("subscriptions",),
    "timezone": ("timezone",),
    "title": ("name.title",),
}

GROUPS = ("address", "address.geo", "contacts", "credential", "socialProfile")
"""Each is everything below its name: off when all of that is off."""

BASE_PROPERTIES: Mapping[str, frozenset[str]] = {
    name: frozenset(
        path
        for leaf, paths in LEAVES.items()
        if leaf == name or leaf.startswith(f"{name}.")
        for path in paths
    )
    for name in sorted((*GROUPS, *LEAVES))
}
"""Name -> core paths, groups and what is in them alike."""
