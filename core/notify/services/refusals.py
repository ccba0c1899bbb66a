"""How a letter can fail to leave, beside the failures that are tried again."""


class Refused(Exception):
    """It was refused for good: trying again sends it nowhere; the administrator sees it."""


class Away(Exception):
    """Nobody answers, or the way is set up wrongly: all letters of this way wait."""
