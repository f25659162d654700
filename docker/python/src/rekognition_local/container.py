"""For Testcontainers: the image in place of the program. Needs the package testcontainers and a Docker engine."""
from __future__ import annotations

from typing import Any

from testcontainers.core.container import DockerContainer
from testcontainers.core.waiting_utils import wait_for_logs

from . import Server

PORT = 7356


class RekognitionContainer(DockerContainer):
    """with RekognitionContainer() as container: container.server().account().client()"""

    def __init__(self, image: str = "rekognition-local", profile: str = "instant", **arguments: Any) -> None:
        super().__init__(image, **arguments)
        self.with_exposed_ports(PORT)
        self.with_env("REKOGNITION_LOCAL_PROFILE", profile)
        self.with_env("REKOGNITION_LOCAL_DB", ":memory:")

    def start(self) -> RekognitionContainer:
        super().start()
        wait_for_logs(self, " ready on ", timeout=30)
        return self

    def server(self) -> Server:
        return Server(url=f"http://{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}")
