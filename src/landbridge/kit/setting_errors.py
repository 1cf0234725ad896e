"""Why a setting cannot be used."""

from __future__ import annotations

from landbridge.errors.catalogue import LandbridgeError


class SettingInvalid(LandbridgeError):
    """Settings are environment variables. One of them holds what it cannot, such as a port that is
    no number. Nothing begins with half of its settings.
    """

    code = "SETTING_INVALID"
    title = "A setting is not valid"
    status = 422
    message = "{setting} is not valid: {reason}."
    remedy = "Correct the variable, or unset it for its default; the reference lists all settings."
