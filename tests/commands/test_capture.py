"""A captured reply keeps its bytes, but for names and the key."""

from exporter.commands.capture import anonymous
from exporter.ringostat.key import Secret

KEY = Secret("KEY-canary")


def test_names_are_replaced_wherever_they_stand_and_the_rest_is_kept() -> None:
    """One name becomes one stand-in throughout, and the key is hidden, without any JSON."""
    body = '{"result": [ {"employee" :  "Олена", "x": "1"}, {"employee": "Bob"},\n'.encode()
    body += '{"employee": "Олена"} "id": 1], "note": "Bob and Олена, KEY-canary"'.encode()
    assert anonymous(body, KEY).decode() == (
        '{"result": [ {"employee" :  "Employee 1", "x": "1"}, {"employee": "Employee 2"},\n'
        '{"employee": "Employee 1"} "id": 1], "note": "Employee 2 and Employee 1, <secret>"'
    )


def test_escaped_names_and_bytes_that_are_no_text() -> None:
    """A name is found escaped and plain; bytes that are no UTF-8 stay as they are."""
    body = b'{"employee": "A\\"nn \\u0416"} \xff\xfe A"nn \xd0\x96'
    assert anonymous(body, KEY) == b'{"employee": "Employee 1"} \xff\xfe Employee 1'


def test_a_page_that_is_no_json_is_kept() -> None:
    """A reply that names nobody is printed byte for byte."""
    assert anonymous(b"<html>down</html>", KEY) == b"<html>down</html>"
