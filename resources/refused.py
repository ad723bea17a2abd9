"""What somebody asked for and cannot have."""


class Refused(Exception):
    """An argument that names nothing, or a request that cannot be met; the message is for the person who asked."""
