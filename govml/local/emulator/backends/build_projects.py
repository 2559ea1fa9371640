"""A correction to MiniStack's CodeBuild: it neither keeps nor answers network, logs, cache and limits of a project."""

from __future__ import annotations

from typing import Any

from ministack.services import codebuild

MEMBERS = (
    "cache",
    "vpcConfig",
    "logsConfig",
    "badgeEnabled",
    "queuedTimeoutInMinutes",
    "concurrentBuildLimit",
    "secondarySources",
    "secondaryArtifacts",
    "resourceAccessRole",
)


def install() -> None:
    """Keep the missing members on create and update, and add them to each project in MiniStack's answers."""
    shape, create, update = codebuild._project_shape, codebuild._create_project, codebuild._update_project

    def complete(project: dict[str, Any]) -> dict[str, Any]:
        kept = {member: project[member] for member in MEMBERS if member in project}
        return {**shape(project), **kept}

    def keep(data: dict[str, Any]) -> None:
        project = codebuild._projects.get(data.get("name", ""))
        if project is not None:
            project.update({member: data[member] for member in MEMBERS if member in data})

    def create_project(data: dict[str, Any]) -> Any:
        answer = create(data)
        keep(data)
        return answer

    def update_project(data: dict[str, Any]) -> Any:
        answer = update(data)
        keep(data)
        return answer

    codebuild._project_shape = complete
    codebuild._create_project = create_project
    codebuild._update_project = update_project
