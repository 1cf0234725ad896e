"""Settings: every one is an environment variable with the prefix LANDBRIDGE_."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, get_origin

import platformdirs
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from landbridge.kit.setting_errors import SettingInvalid


class ProviderLimit(BaseModel):
    """How much of an outside service this deployment may use.

    Attributes:
        concurrency: phases that use it at the same time, over all workers.
        per_minute: phases that may begin in a minute, over all workers.
    """

    concurrency: int | None = Field(default=None, ge=1)
    per_minute: int | None = Field(default=None, ge=1)


class Settings(BaseSettings):
    """All settings with their defaults; the reference page is generated from this class."""

    model_config = SettingsConfigDict(
        env_prefix="LANDBRIDGE_", env_ignore_empty=True, extra="ignore"
    )

    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL 15 or newer, as a role that may create roles and schemas. "
        "Unset: an embedded server is started in the data directory.",
    )
    app_database_url: SecretStr | None = Field(
        default=None,
        description="Least-privilege login for the API; derived from database_url when unset.",
    )
    worker_database_url: SecretStr | None = Field(
        default=None,
        description="Least-privilege login for workers; derived from database_url when unset.",
    )
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("landbridge", appauthor=False)),
        description="Where the embedded database and local credentials are kept.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(default=8400, ge=0, le=65535, description="Port that `serve` listens on.")
    public_url: str | None = Field(
        default=None,
        description="Where people reach the web UI, as in https://landbridge.example.com; links "
        "begin with it. Unset: the address of each request; http://HOST:PORT where there is none.",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Issuer of an OpenID provider for single sign-on, exactly as it calls itself.",
    )
    oidc_client_id: str | None = Field(default=None, description="Client id at the provider.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Client secret at the provider."
    )
    oidc_name: str = Field(
        default="single sign-on", description="What the sign-in page calls the provider."
    )
    max_upload_bytes: int = Field(
        default=1 << 30, ge=1, description="Largest accepted upload of one import, in bytes."
    )
    session_hours: int = Field(
        default=12, ge=1, le=168, description="Hours after which a browser must sign in again."
    )
    requests_per_minute: int = Field(
        default=30_000,
        ge=1,
        description="Requests that one API key or one browser session may send in a minute to one "
        "server process.",
    )
    unknown_requests_per_minute: int = Field(
        default=6_000,
        ge=1,
        description="Requests without a valid credential that are taken in a minute from one "
        "address, or from one IPv6 network of 64 bits.",
    )
    worker_concurrency: int = Field(
        default=8, ge=1, le=256, description="Phases that one worker runs at the same time."
    )
    account_concurrency: int = Field(
        default=4,
        ge=1,
        le=256,
        description="Phases that one worker runs at the same time for one client account.",
    )
    open_flows: int = Field(
        default=10_000, ge=1, description="Flows of one client account that have not ended."
    )
    flows_per_minute: int = Field(
        default=6_000, ge=1, description="Flows that one client account may start in a minute."
    )
    provider_limits: dict[str, ProviderLimit] = Field(
        default_factory=dict,
        description='Limits of outside services, as JSON: {"openai": {"concurrency": 4, '
        '"per_minute": 60}}.',
    )
    agent_model: str | None = Field(
        default=None,
        description="Language model that advises, as provider:model: openai, anthropic, azure, "
        "bedrock, google or ollama. Unset: rules only. Each client account has to allow it too.",
    )
    agent_base_url: str | None = Field(
        default=None,
        description="Address of the model's provider, such as a server of one's own that speaks "
        "OpenAI's interface. Unset: the provider's usual one.",
    )
    agent_api_key: SecretStr | None = Field(
        default=None,
        description="Key at the model's provider. Unset: where its SDK looks for credentials.",
    )
    agent_timeout_seconds: float = Field(
        default=60.0, gt=0, le=600, description="Seconds after which a model is given up."
    )
    agent_prices: Path | None = Field(
        default=None,
        description="CSV file of models' prices that replaces the shipped one.",
    )
    agent_monthly_budget: float = Field(
        default=10.0,
        ge=0,
        le=1_000_000,
        description="US dollars that one client account may spend on models in a calendar month.",
    )
    agent_calls_per_minute: int = Field(
        default=60, ge=0, description="Questions of one client account to models in a minute."
    )
    drain_seconds: float = Field(
        default=10.0,
        ge=0,
        le=600,
        description="How long a worker that is asked to stop lets its phases finish.",
    )
    engine_retention_hours: int = Field(
        default=72, ge=1, description="Hours for which records of ended jobs are kept."
    )
    end_of_life_data: Path | None = Field(
        default=None,
        description="CSV file of end-of-life data that replaces the shipped one.",
    )
    audit_signing_key: SecretStr | None = Field(
        default=None,
        description="Private key that signs audit checkpoints, as `landbridge audit key` made it; "
        "a file of the data directory when unset. The same on every machine.",
    )
    secrets_key: SecretStr | None = Field(
        default=None,
        description="Keys that seal secrets in the database, separated by spaces: the first "
        "seals, each opens. A file of the data directory when unset. The same on every machine.",
    )
    audit_trusted_keys: str = Field(
        default="",
        description="Further public keys whose signatures on audit checkpoints count, such as "
        "retired ones, separated by spaces.",
    )
    audit_directory: Path | None = Field(
        default=None,
        description="Where signed audit checkpoints are kept outside the database; in the data "
        "directory when unset.",
    )
    audit_checkpoint_minutes: int = Field(
        default=60, ge=1, le=1440, description="Minutes between signed audit checkpoints."
    )
    webhook_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Networks that webhooks may reach beside the public internet, separated by "
        "commas, such as 10.20.0.0/16; plain http is sent only into these.",
    )
    database_wait_seconds: float = Field(
        default=300.0,
        ge=0,
        description="How long `serve` and `worker` wait at their start for PostgreSQL to answer.",
    )
    statement_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="Seconds after which a statement of a page or an API request is given up.",
    )
    slow_statement_seconds: float = Field(
        default=1.0,
        ge=0,
        description="Statements that take longer are logged, each at most once a minute, without "
        "their values. 0: none.",
    )
    max_requests: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="HTTP requests that are worked on at the same time; more are answered 503.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Bearer token with which GET /metrics answers, 16 characters at least. Unset: "
        "that address does not exist.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Port on which `serve` and `worker` tell their metrics to whoever asks. Unset: "
        "none.",
    )
    metrics_host: str = Field(
        default="127.0.0.1", description="Address of metrics_port; keep it off public networks."
    )
    error_trace_days: int = Field(
        default=14, ge=1, le=3650, description="Days for which traces of errors are kept."
    )
    error_count_days: int = Field(
        default=400, ge=30, le=3650, description="Days for which errors stay counted by hour."
    )
    error_traces_per_hour: int = Field(
        default=1000,
        ge=1,
        le=100_000,
        description="Traces kept of one code at one place for one client account in an hour; "
        "whatever comes beyond is counted.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="console or json."
    )
    language: str = Field(
        default="en", description="The language errors are told in where nobody asks for another."
    )
    translations_dir: Path | None = Field(
        default=None,
        description="Folder with translations of errors: `LANGUAGE/LC_MESSAGES/landbridge.mo`.",
    )

    @field_validator("webhook_networks", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        """Networks are written in one line, as proxies' exceptions are."""
        return (
            [n.strip() for n in value.split(",") if n.strip()] if isinstance(value, str) else value
        )

    @property
    def base_url(self) -> str:
        """Where people reach this installation, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingInvalid: a variable holds what it cannot; its value is not told, it may be secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field, reason = str(first["loc"][0]), first["msg"].rstrip(".")
        raise SettingInvalid(setting=variable(field), reason=reason) from None
    except SettingsError:
        fields = [n for n, f in Settings.model_fields.items() if get_origin(f.annotation) is dict]
        named = " or ".join(map(variable, fields))
        raise SettingInvalid(setting=named, reason="it is not JSON") from None


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return f"LANDBRIDGE_{field.upper()}"
