"""Fixtures: a server for the session, and an account with a clock of its own for each test."""
from __future__ import annotations

import os
from typing import Any, Iterator

import pytest

from . import VARIABLE, Account, Server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("rekognition-local").addoption(
        "--rekognition-local-option", action="append", default=[], metavar="OPTION",
        help="an option of the server, such as --profile=aws; may be given again")


@pytest.fixture(scope="session")
def rekognition_local(pytestconfig: pytest.Config) -> Iterator[Server]:
    """The server: that of the environment (`rekognition-local exec`), or one for this session, or this worker of xdist."""
    url = os.environ.get(VARIABLE)
    with Server(*pytestconfig.getoption("rekognition_local_option"), url=url) as server:
        yield server


@pytest.fixture
def rekognition_account(rekognition_local: Server) -> Iterator[Account]:
    """An account that nobody else has, with its own clock; at the end nothing may be on, and it is emptied."""
    account = rekognition_local.account()
    account.control("PUT", "/clock", {"mode": "real"})
    yield account
    account.close()


@pytest.fixture
def rekognition(rekognition_account: Account) -> Any:
    """A client of boto3 for Amazon Rekognition, of that account."""
    return rekognition_account.client()
