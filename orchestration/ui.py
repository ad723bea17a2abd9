"""What `kaohe ui` starts: the guarded site in this process, a code location and a daemon beside it.

The processes, how they find each other and how they end belong here; who is let in to what stands in `guard/`, what
the code location defines in `orchestration.definitions`. Dagster's two webservers, of which one only reads, are
called within this process: they listen nowhere.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import uvicorn
import yaml
from dagster import DagsterInstance
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.remote_origin import ManagedGrpcPythonEnvCodeLocationOrigin
from dagster._core.workspace.load import location_origins_from_yaml_paths
from dagster._core.workspace.load_target import GrpcServerTarget
from dagster._grpc.client import DagsterGrpcClient

from guard.app import create_app
from guard.connections import raise_descriptors
from orchestration.accounts import accounts_of, first_operator
from orchestration.children import CannotServe, Child, first_of
from orchestration.dagster_servers import dagster_servers
from orchestration.desk.section import DESK
from orchestration.door import LOOPBACK, Door
from orchestration.sweeping import end_abandoned
from resources.home import Home, NotSetUp
from resources.locks import free
from resources.logs import log_to

logger = logging.getLogger("kaohe.ui")

LOCATION = "kaohe"  # as in workspace.yaml
LONGEST_SOCKET_PATH = 100  # bytes; the kernel takes 107


@dataclass(frozen=True)
class CodeLocation:
    """One code location for webserver and daemon, on a unix socket because its server lets everybody in."""

    name: str
    arguments: Sequence[str]
    folder: Path
    socket: Path

    def server_command(self) -> list[str]:
        command = ["orchestration.code_server", "--socket", str(self.socket), "--log-level", "warning"]
        return [*command, "--location-name", self.name, *self.arguments]

    def daemon_command(self) -> list[str]:
        server = {"location_name": self.name, "socket": str(self.socket)}
        workspace = self.folder / "workspace.yaml"
        workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}), encoding="utf-8")
        return ["dagster._daemon", "run", "--log-level", "warning", "--workspace", str(workspace)]

    @property
    def target(self) -> GrpcServerTarget:
        return GrpcServerTarget("localhost", None, str(self.socket), self.name)


async def answers(target: GrpcServerTarget) -> None:
    """Until somebody serves the code location there."""
    client = DagsterGrpcClient(host=target.host, port=target.port, socket=target.socket)
    while True:
        try:
            await asyncio.to_thread(client.ping, "")
            return
        except DagsterUserCodeUnreachableError:
            await asyncio.sleep(0.2)


def serve(home: Path, door: Door, *, workspace: Path = Path("workspace.yaml"), elsewhere: str = "") -> int:
    """Show `home` in the browser until interrupted. Exit code: 0, or 2 where that could not be done.

    `elsewhere`: host and port at which another serves the code location, as `kaohe:3030`; who does runs the daemon too.
    """
    home = home.resolve()
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", handlers=[terminal])
    try:
        door.require_safe()
        Home(home).require_set_up()
        location = elsewhere_target(elsewhere) if elsewhere else code_location(home, workspace)
        raise_descriptors()
        log_to(Home(home).logs)
        with door.listening() as listener:
            tell_of_first_account(Home(home))
            asyncio.run(serve_until_stopped(home, workspace.resolve().parent, location, listener, door))
    except (CannotServe, NotSetUp) as fault:
        click.echo(f"无法打开界面: {fault}\nThe web pages cannot be served.", err=True)
        return 2
    return 0


def tell_of_first_account(home: Home) -> None:
    """With nobody to log in yet: an account is made where a person reads its password, and no file keeps it."""
    if sys.stdout.isatty():
        made = first_operator(home)
        if made:
            click.echo(made)
    elif not accounts_of(home).all():
        click.echo("还没有账号, 请运行: kaohe users add 名字 --role operator\nNobody can log in yet.")


def elsewhere_target(place: str) -> GrpcServerTarget:
    """The one code location, served by another: in Kubernetes by a pod of that name."""
    host, _, port = place.rpartition(":")
    if not host or not port.isdecimal():
        raise CannotServe(f"--code 要写 主机:端口, 不能是 {place}。")
    return GrpcServerTarget(host, int(port), None, LOCATION)


def code_location(home: Path, workspace: Path) -> CodeLocation:
    if not workspace.is_file():
        raise CannotServe(f"找不到 {workspace}, 请在项目根目录下运行 kaohe ui。")
    origins = location_origins_from_yaml_paths([str(workspace)])
    origin = origins[0] if len(origins) == 1 else None
    if not isinstance(origin, ManagedGrpcPythonEnvCodeLocationOrigin):
        raise CannotServe(f"{workspace} 应当只写一个 python_module。")
    folder = private_folder(home / "dagster" / "ui")
    arguments = origin.loadable_target_origin.get_cli_args()
    return CodeLocation(origin.location_name, arguments, folder, socket_path(folder))


def socket_path(folder: Path) -> Path:
    """In the folder, or where its path is too long for a socket in one of this account's own under /tmp."""
    path = folder / "code.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return private_folder(Path(tempfile.gettempdir()) / f"kaohe-{os.getuid()}-{digest}") / "code.sock"


def private_folder(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise CannotServe(f"文件夹 {folder} 必须属于当前用户且不对他人开放(chmod 700)。")
    return folder


async def serve_until_stopped(
    home: Path, cwd: Path, location: CodeLocation | GrpcServerTarget, listener: socket.socket, door: Door
) -> None:
    environment = {**os.environ, "KAOHE_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    server, daemon = Child(environment, cwd), Child(environment, cwd)
    stop = asyncio.Event()

    def interrupted() -> None:
        logger.info("asked to stop")
        if stop.is_set():
            server.tell(os.killpg, signal.SIGTERM)
        else:
            click.echo("正在关闭, 运行中的任务先做完; 再按一次 Ctrl-C 立即中止。 Stopping.")
            stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            asyncio.get_running_loop().add_signal_handler(number, interrupted)
    try:
        if isinstance(location, CodeLocation):
            behind = [back(location, server, daemon), front(home, location.target, listener, door)]
        else:
            behind = [front(home, location, listener, door)]
        await first_of(stop.wait(), *behind)
    finally:
        await daemon.end()
        await server.end()


async def back(location: CodeLocation, server: Child, daemon: Child) -> None:
    """Code location and daemon: once for a home, taken over when the `kaohe ui` that ran them is gone."""

    async def daemon_behind_server() -> None:
        await answers(location.target)
        await daemon.keep(location.daemon_command(), lock.fileno())

    with (location.folder / "lock").open("w") as lock:
        if not free(lock.fileno()):
            click.echo("后台进程已由另一个 kaohe ui 运行。 Another kaohe ui runs the daemon.")
        while not free(lock.fileno()):
            await asyncio.sleep(1)
        for run_id in await asyncio.to_thread(end_abandoned_runs, location.folder.parents[1]):
            logger.warning("run %s was left by a process that is gone; it is marked as failed", run_id)
        await first_of(server.keep(location.server_command(), lock.fileno()), daemon_behind_server())


def end_abandoned_runs(home: Path) -> list[str]:
    with DagsterInstance.from_config(str(home / "dagster")) as instance:
        return end_abandoned(instance, Home(home))


async def front(home: Path, target: GrpcServerTarget, listener: socket.socket, door: Door) -> None:
    await answers(target)
    port = listener.getsockname()[1]
    with contextlib.ExitStack() as stack:
        servers = await asyncio.to_thread(stack.enter_context, dagster_servers(home, target))
        app = create_app(Home(home), door.origins(port), servers, [DESK])
        webserver = uvicorn.Server(door.configured(app))
        webserver.capture_signals = contextlib.nullcontext  # type: ignore[assignment]  # ours are for the whole
        serving = asyncio.create_task(webserver.serve([listener]))
        try:
            while not webserver.started and not serving.done():
                await asyncio.sleep(0.05)
            click.echo(f"考核界面: {door.scheme}://{LOOPBACK}:{port}")
            logger.info("serving at %s port %s", door.address, port)
            await asyncio.shield(serving)
        finally:
            webserver.should_exit = True
            await serving
