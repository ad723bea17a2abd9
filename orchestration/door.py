"""Where browsers come in: address, port, certificate, the names served, and how the web server reads requests."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from guard.app import GRAPHQL_BODY
from guard.connections import MOST, Prompt
from guard.policy import served_origins
from orchestration.children import CannotServe

PORT, LOOPBACK = 3000, "127.0.0.1"
# h11 refuses what others let pass: targets that are no path, lengths and codings said twice.
SERVING: dict[str, Any] = {
    "http": Prompt,
    "limit_concurrency": MOST,
    "lifespan": "off",
    "access_log": False,
    "log_config": None,
    "server_header": False,
    "timeout_graceful_shutdown": 3,
    "ws_max_size": GRAPHQL_BODY,
}


@dataclass(frozen=True)
class Door:
    """Where browsers come in. `certificate` and `key` are PEM files; `proxy`: whose word on addresses is taken."""

    port: int = PORT
    address: str = LOOPBACK
    certificate: Path | None = None
    key: Path | None = None
    hosts: str = ""
    proxy: str = ""

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    def require_safe(self) -> None:
        """Raises: CannotServe: no address, or passwords would go over the network for everybody to read."""
        try:
            is_loopback = ipaddress.ip_address(self.address).is_loopback
        except ValueError:
            raise CannotServe(f"--listen 要写 IP 地址, 不能是 {self.address}。") from None
        if self.certificate is None and not is_loopback:
            raise CannotServe(
                "在网络上提供服务要有证书: 写明 --certificate 和 --key; "
                "或只在本机监听, 由 nginx 一类的服务器加密后转来(KAOHE_HOSTS、KAOHE_PROXY)。"
            )

    def listening(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        try:
            return socket.create_server((self.address, self.port), family=family)
        except OSError as fault:
            raise CannotServe(f"端口 {self.port} 不可用({fault.strerror}), 请关闭占用它的程序或换一个端口。") from fault

    def origins(self, port: int) -> frozenset[str]:
        """What browsers call us; `port` is the one that was got."""
        return served_origins(port, self.hosts, self.scheme)

    def configured(self, app: ASGIApp) -> uvicorn.Config:
        options = {**SERVING, "proxy_headers": bool(self.proxy), "forwarded_allow_ips": self.proxy}
        if self.certificate:
            options |= {"ssl_certfile": self.certificate, "ssl_keyfile": self.key}
        return uvicorn.Config(app, **options)
