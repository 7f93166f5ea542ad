"""`talus show --pages` as a stranger starts it: an address that opens, a door closed without it, a clean end."""

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from talus_host.store import Store


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process")
def test_pages_open_with_the_printed_address_only_and_end_at_ctrl_c(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("somebody", "Europe/Berlin", 8.0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [Path(sys.executable).with_name("talus"), "show", "--pages", "--data", tmp_path, "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        address = next(line for line in process.stdout if "http" in line).split()[1]
        assert "/first?invitation=" in address, "nobody has an account yet"
        cookies = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with cookies.open(address, timeout=10) as page:
            assert page.status == 200 and b"Choose a password" in page.read()
        for path, code in (("/", 401), ("/today/1", 401), ("/assets/talus.css", 401), ("/first?invitation=x", 403)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(address.split("/first")[0] + path, timeout=10)
            refused.value.close()
            assert refused.value.code == code, path
        process.send_signal(signal.SIGINT)
        assert process.wait(20) in (0, 130)
        assert "Traceback" not in process.stderr.read()
