"""What can go wrong between us and a service outside: models, identity providers, any HTTP."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class ServiceCircuitOpen(LandbridgeError):
    """The service has failed again and again, so nobody asks it for a while: that gives it time to
    recover, and an answer at once instead of a wait. One caller tries it when the time is over.
    """

    code = "SERVICE_CIRCUIT_OPEN"
    title = "An outside service is not asked at the moment"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{service} kept failing and is not asked for another {retry_after} s."
    remedy = "Repeat the action then. Operators: landbridge operator circuits says why it opened."


class ServiceUnreachable(LandbridgeError):
    """No connection came about, or it broke: the name is unknown, nobody listens, a firewall is
    in between, or the network failed.
    """

    code = "SERVICE_UNREACHABLE"
    title = "An outside service cannot be reached"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{service} could not be reached."
    remedy = "Check its address, the network and the proxy, then repeat the action."


class ServiceCertificateRefused(LandbridgeError):
    """The service's certificate is not valid for its name, has ended, or nobody we trust signed
    it.
    """

    code = "SERVICE_CERTIFICATE_REFUSED"
    title = "An outside service could not prove who it is"
    status = 502
    category = Category.DEPENDENCY
    message = "The certificate of {service} was not accepted."
    remedy = "Have it renewed, or give this machine the certificate of your own authority."


class ServiceTimedOut(LandbridgeError):
    """The service took the request, but did not answer in time."""

    code = "SERVICE_TIMED_OUT"
    title = "An outside service did not answer in time"
    status = 504
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{service} did not answer in time."
    remedy = "Repeat the action. If it stays, look at the service's own status page."


class ServiceFailed(LandbridgeError):
    """The service answered that it failed itself."""

    code = "SERVICE_FAILED"
    title = "An outside service failed"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{service} answered that it failed."
    remedy = "Repeat the action. If it stays, look at the service's own status page."


class ServiceOverloaded(LandbridgeError):
    """The service has had too many requests of ours, or is overloaded, and asks us to wait."""

    code = "SERVICE_OVERLOADED"
    title = "An outside service asks to wait"
    status = 503
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "{service} takes no further request at the moment."
    remedy = "Repeat the action in {retry_after} seconds, or raise your limit with the provider."


class ServiceCredentialRefused(LandbridgeError):
    """The service does not accept our credential: it is wrong, has ended, or may not do this."""

    code = "SERVICE_CREDENTIAL_REFUSED"
    title = "An outside service refused our credential"
    status = 502
    category = Category.DEPENDENCY
    message = "{service} refused the credential it was given."
    remedy = "Set a valid key for it, with the rights it needs, and repeat the action."


class ServicePaymentRequired(LandbridgeError):
    """The account at the service has no money or quota left."""

    code = "SERVICE_PAYMENT_REQUIRED"
    title = "The account at an outside service is used up"
    status = 502
    category = Category.DEPENDENCY
    message = "{service} asks for payment, or the limit of spending is reached."
    remedy = "Settle it with the provider, or choose another one, and repeat the action."


class ServiceRequestRefused(LandbridgeError):
    """The service understood the request and does not accept it; the same request will not be
    accepted later either.
    """

    code = "SERVICE_REQUEST_REFUSED"
    title = "An outside service did not accept a request"
    status = 502
    category = Category.DEPENDENCY
    message = "{service} did not accept the request (HTTP {answer})."
    remedy = "Check its settings, such as the name of the model and the version of its interface."


class ServiceAnswerMalformed(LandbridgeError):
    """The service answered something that does not follow its own description, or broke off."""

    code = "SERVICE_ANSWER_MALFORMED"
    title = "An outside service's answer cannot be read"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The answer of {service} cannot be read."
    remedy = "Repeat the action. If it stays, check that the address really is that service."


class ModelRefused(LandbridgeError):
    """The language model declined to answer, by its own rules on content."""

    code = "MODEL_REFUSED"
    title = "The model declined to answer"
    status = 502
    category = Category.DEPENDENCY
    message = "The model of {service} declined to answer."
    remedy = "Choose another model, or leave the step to the rules, which need no model."


class DataUnreadable(LandbridgeError):
    """Data from outside does not follow the format it claims to have."""

    code = "DATA_UNREADABLE"
    title = "Data cannot be read"
    status = 422
    message = "Data from outside is not valid {format}."
    remedy = "Open it in the program that wrote it, save it again, and repeat the action."


class EngineFailed(LandbridgeError):
    """The durable engine that queues the work of flows could not do what was asked. The flow's
    own rows are unchanged, and the watchdog queues what is missing.
    """

    code = "ENGINE_FAILED"
    title = "The queue of work did not answer"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The engine that queues work could not do this."
    remedy = "Repeat the action. If it stays, run 'landbridge flows doctor'."
