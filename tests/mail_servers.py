"""Postfix and Dovecot of the tests' own: private, on 127.0.0.1, in a temporary folder, gone when they end.

smtplib ─► Postfix ─┬► LMTP ─► Dovecot ─► maildir ─► IMAP
                    └► virtual ─► a mailbox file

Nothing of the system's own mail is read, touched or started, and no message leaves the machine.
"""

import imaplib
import os
import pwd
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from serving import free_port
from support import needs

PASSWORD = "sesame"
# Domains of readers: one whose messages Dovecot keeps, one whose messages end up in a mailbox file.
IMAP_DOMAIN, FILE_DOMAIN = "imap.example", "file.example"
_HINT = "apt-get install postfix dovecot-imapd dovecot-lmtpd"
# Dovecot's package brings it; everything but Postfix's master runs as it or as Postfix's own user.
_USER = "dovecot"
_START_S, _ARRIVE_S = 20, 30

_POSTFIX = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
myhostname = relay.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
virtual_mailbox_domains = {imap_domain} {file_domain}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
transport_maps = inline:{{ {file_domain}=virtual: }}
virtual_mailbox_maps = static:mailbox
virtual_mailbox_base = {folder}/file
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
default_transport = error:nothing leaves this machine
"""
_POSTFIX_SERVICES = """
127.0.0.1:{smtp_port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
lmtp unix - - n - - lmtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
"""
_DOVECOT = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {user}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
ssl = no
disable_plaintext_auth = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={folder}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A way to send messages, and to read what arrived."""

    folder: Path
    smtp_port: int
    imap_port: int

    def deliver(self, message: bytes, sender: str, reader: str) -> None:
        """Hand a message to Postfix, and wait until it says that it was delivered."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=_START_S) as server:
            assert server.sendmail(sender, [reader], message) == {}
        fates = re.compile(rf"to=<{re.escape(reader)}>.* status=(.*)")
        _wait_until(lambda: fates.search(self._log()), _ARRIVE_S)
        unsent = [fate for fate in fates.findall(self._log()) if not fate.startswith("sent")]
        assert unsent == [], unsent

    def fetch(self, reader: str) -> bytes:
        """Return the only message of a reader of IMAP_DOMAIN."""
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=_START_S) as server:
            server.login(reader, PASSWORD)
            assert server.select(readonly=True) == ("OK", [b"1"])
            _, found = server.fetch("1", "(BODY.PEEK[])")
        assert isinstance(found[0], tuple)
        return found[0][1]

    def take_file(self) -> bytes:
        """Return the mailbox file of FILE_DOMAIN, which all its readers share, and begin a new one."""
        path = self.folder / "file" / "mailbox"
        data = path.read_bytes()
        path.unlink()
        return data

    def inbox(self, reader: str) -> str:
        """Return what a mail program is told to open for a reader of IMAP_DOMAIN."""
        return f"imap://{quote(reader, safe='')}:{PASSWORD}@127.0.0.1:{self.imap_port}/INBOX"

    def _log(self) -> str:
        return (self.folder / "postfix.log").read_text("utf-8", "replace")


@contextmanager
def post_office() -> Iterator[Post]:
    """Run both servers; skips the test where they are missing, or where Postfix can't start."""
    for name in ("postfix", "dovecot"):
        needs(_program(name), f"{name} is not here: {_HINT}")
    needs(Path("/usr/lib/dovecot/lmtp").exists(), f"Dovecot's LMTP is not here: {_HINT}")
    needs(os.geteuid() == 0, "Postfix starts only as root")
    folder = Path(tempfile.mkdtemp(prefix="synd-mail-", dir="/tmp"))  # short: the path of a socket has 107 bytes
    try:
        post = Post(folder=folder, smtp_port=free_port(), imap_port=free_port())
        _write_configs(post, lmtp_port=free_port())
        with _dovecot(post), _postfix(post):
            yield post
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str | None:
    """Return the path of a server; the folder of those is not on everyone's path."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _write_configs(post: Post, lmtp_port: int) -> None:
    folder = post.folder
    folder.chmod(0o755)  # Postfix's own user has to come through
    for name, owner in {"data": "postfix", "file": _USER, "run": _USER, "mail": _USER}.items():
        (folder / name).mkdir()
        shutil.chown(folder / name, owner, owner)
    for name in ("spool", "postfix"):
        (folder / name).mkdir()
    user = pwd.getpwnam(_USER)
    said = {
        "folder": folder,
        "user": _USER,
        "uid": user.pw_uid,
        "gid": user.pw_gid,
        "password": PASSWORD,
        "imap_domain": IMAP_DOMAIN,
        "file_domain": FILE_DOMAIN,
        "smtp_port": post.smtp_port,
        "imap_port": post.imap_port,
        "lmtp_port": lmtp_port,
    }
    (folder / "postfix/main.cf").write_text(_POSTFIX.format(**said))
    (folder / "postfix/master.cf").write_text(_POSTFIX_SERVICES.format(**said))
    (folder / "dovecot.conf").write_text(_DOVECOT.format(**said))


@contextmanager
def _dovecot(post: Post) -> Iterator[None]:
    log = post.folder / "dovecot.log"
    log.touch()
    shutil.chown(log, _USER, _USER)
    command = [str(_program("dovecot")), "-F", "-c", str(post.folder / "dovecot.conf")]
    with (post.folder / "dovecot.out").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd="/", user=_USER, group=_USER, extra_groups=[])
    try:
        _wait_for(process, post.imap_port, log)
        yield
    finally:
        process.terminate()
        process.wait(_START_S)


@contextmanager
def _postfix(post: Post) -> Iterator[None]:
    command = [str(_program("postfix")), "-c", str(post.folder / "postfix"), "start-fg"]
    with (post.folder / "postfix.out").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd="/")
    try:
        _wait_for(process, post.smtp_port, post.folder / "postfix.log")
        yield
    finally:
        # What was started is a script that waits for it.
        master = int((post.folder / "spool/pid/master.pid").read_text())
        os.kill(master, signal.SIGTERM)
        process.wait(_START_S)


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    def is_there() -> bool:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    _wait_until(is_there, _START_S)


def _wait_until(is_there: Callable[[], object], most_s: float) -> None:
    ends = time.monotonic() + most_s
    while not is_there():
        assert time.monotonic() < ends, f"nothing came within {most_s} s"
        time.sleep(0.05)
