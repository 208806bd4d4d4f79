"""The roles a person may hold (domain: Roles). Managing somebody follows from dated posts, not from a role."""

from enum import StrEnum


class Role(StrEnum):
    """A power in the organisation. The values are those of the column `roles` in people files."""

    WORKFORCE_DEVELOPMENT = "workforce_development"
    FACILITATOR = "facilitator"
    ASSESSOR = "assessor"
    PANEL_MEMBER = "panel_member"
    PRINCIPAL_SOCIAL_WORKER = "principal_social_worker"
    SERVICE_MANAGER = "service_manager"
    OPERATIONS_MANAGER = "operations_manager"
    ASSISTANT_DIRECTOR = "assistant_director"
    HR = "hr"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
