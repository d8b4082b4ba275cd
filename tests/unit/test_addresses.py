"""Old addresses: straight to their end, and written so that no server reads more into them."""

from syndicate.domain.addresses import AddressMap, without_chains
from syndicate.services.addresses import as_nginx, as_redirects

URL = "https://feeds.example.org/sub/"
NASTY = 'caf\u00e9 "x" $host; {} \\ é'


def test_an_address_leads_straight_to_its_end() -> None:
    found = without_chains({"a": "b", "b": "c"}, standing=["c"], gone=[])
    assert found == AddressMap(moved={"a": "c", "b": "c"})


def test_what_leads_in_a_circle_or_to_what_is_gone_is_gone() -> None:
    found = without_chains({"a": "b", "b": "a", "x": "x", "p": "r"}, standing=[], gone=["r"])
    assert found == AddressMap(gone=("a", "b", "p", "r", "x"))


def test_what_stands_has_neither_moved_nor_gone() -> None:
    assert without_chains({"a": "b"}, standing=["a", "b"], gone=["a"]) == AddressMap()


def test_redirects_are_a_line_each_whatever_is_in_them() -> None:
    lines = as_redirects(AddressMap(moved={NASTY: f"new/{NASTY}"}, gone=("a\nb c",)), URL).decode().splitlines()
    assert len(lines) == 3
    assert [len(line.split(" ")) for line in lines[1:]] == [3, 3]
    assert lines[2] == "/sub/a%0Ab%20c / 410"


def test_an_address_elsewhere_is_written_whole_and_safe() -> None:
    found = as_redirects(AddressMap(moved={"feed/": "https://other.example/a b?x=1&y=%20"}), URL).decode()
    assert found.splitlines()[1] == "/sub/feed/ https://other.example/a%20b?x=1&y=%20 301"


def test_nginx_compares_decoded_paths_and_reads_no_variable() -> None:
    line = as_nginx(AddressMap(moved={NASTY: "new/$x"}), URL).decode().splitlines()[1]
    assert line == 'location = "/sub/café \\"x\\" $host; {} \\\\ é" { return 301 "/sub/new/%24x"; }'
