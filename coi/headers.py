"""What every answer carries beside its page: where scripts may come from, that nothing is stored, who may frame it (nobody)."""

from flask import Response, current_app

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def put(answer: Response) -> Response:
    """Puts the headers on, as far as a view has not set its own."""
    answer.headers.setdefault("Content-Security-Policy", CSP)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    answer.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config["SETTINGS"].https:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # Without no-store the Back button shows a filing after sign-out (TRAPS: Web).
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
