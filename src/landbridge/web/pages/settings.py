"""One's own settings: password, second factor, sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from landbridge.api.auth import User, user_of
from landbridge.api.caller import AnyCaller
from landbridge.api.services import services_of
from landbridge.database.session import SessionDoor
from landbridge.identity import federated, own, recovery, second_factor, sessions, totp
from landbridge.identity.oidc_provider import Provider
from landbridge.identity.sign_in_errors import PasswordWeak, SignInRefused, TooManyAttempts
from landbridge.kit.vault import Vault
from landbridge.web.failures import beside
from landbridge.web.rendering import page

router = APIRouter(prefix="/settings", include_in_schema=False)

Password = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody who looks at their own settings."""

    request: Request
    door: SessionDoor
    session: bytes
    user: User

    @property
    def vault(self) -> Vault:
        """Opens the secret of a second factor that was begun."""
        return services_of(self.request).vault

    def show(self, status: int = 200, codes: Sequence[str] = (), **mistakes: str) -> Response:
        """The page, with what went wrong in its place, and recovery codes this once."""
        begun = second_factor.begun(self.door, self.vault, self.session)
        factor: dict[str, Any] | None = None
        if begun is not None:
            factor = {
                "key": totp.key_text(begun),
                "address": totp.address(begun, self.user.email),
            }
        return page(
            self.request,
            "pages/settings.html",
            status=status,
            user=self.user,
            trail=(("Your settings", "/settings"),),
            own=own.settings_of(self.door, self.session),
            sessions=sessions.sessions(self.door, self.session),
            factor=factor,
            codes=codes,
            codes_left=recovery.left(self.door, self.session),
            provider=Provider.of(services_of(self.request).settings),
            connected=federated.is_connected(self.door, self.session),
            mistakes=mistakes,
        )


def own_settings(request: Request, who: AnyCaller) -> Own:
    """Whoever is signed in."""
    services = services_of(request)
    return Own(request, services.databases.app, who.credential_hash, user_of(services, who))


Mine = Annotated[Own, Depends(own_settings)]


@router.get("")
def show_settings(mine: Mine) -> Response:
    """How I sign in, and where I am signed in."""
    return mine.show()


@router.post("/password")
def change_password(mine: Mine, old: Password = "", new: Password = "") -> Response:
    """Set a password; every other session ends."""
    try:
        own.set_password(mine.door, mine.session, mine.user.email, old, new)
    except PasswordWeak as error:
        beside(error)
        return mine.show(error.status, new=error.detail)
    except SignInRefused as error:
        beside(error)
        return mine.show(422, old="This is not your present password.")
    except TooManyAttempts as error:
        beside(error)
        return mine.show(error.status, old=error.detail)
    return _back("password")


@router.post("/second-factor")
def begin_second_factor(mine: Mine) -> Response:
    """Show a new key for an authenticator app."""
    second_factor.begin(mine.door, mine.vault, mine.session)
    return _back("second-factor")


@router.post("/second-factor/confirm")
def confirm_second_factor(mine: Mine, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Turn it on with its first code, and show the recovery codes."""
    try:
        second_factor.confirm(mine.door, mine.vault, mine.session, code)
    except SignInRefused as error:
        beside(error)
        return mine.show(422, code="This code is wrong. Check the clock of your device.")
    return mine.show(codes=recovery.new_codes(mine.door, mine.session, mine.user.email))


@router.post("/second-factor/recovery-codes")
def renew_recovery_codes(mine: Mine, present: Password = "") -> Response:
    """Ten new recovery codes, shown this once; those before them end."""
    try:
        codes = recovery.new_codes(mine.door, mine.session, mine.user.email, present)
    except SignInRefused as error:
        beside(error)
        return mine.show(422, renew="This is not your password, or it was tried too often.")
    return mine.show(codes=codes)


@router.post("/second-factor/end")
def end_second_factor(mine: Mine, password: Password = "") -> Response:
    """Turn it off with the password."""
    try:
        second_factor.end(mine.door, mine.session, mine.user.email, password)
    except SignInRefused as error:
        beside(error)
        return mine.show(422, end="This is not your password, or it was tried too often.")
    return _back("second-factor")


@router.post("/sessions/end-all")
def end_all(mine: Mine) -> Response:
    """Sign out everywhere, here too."""
    sessions.end_all_sessions(mine.door, mine.session)
    return RedirectResponse("/sign-in", status_code=303)


@router.post("/sessions/{session_id}/end")
def end_one(mine: Mine, session_id: str) -> Response:
    """Sign one browser out."""
    sessions.end_session(mine.door, mine.session, session_id)
    return _back("sessions")


def _back(part: str) -> Response:
    return RedirectResponse(f"/settings#{part}", status_code=303)
