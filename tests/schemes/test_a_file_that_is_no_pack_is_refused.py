"""A file that is no pack at all is refused in words, whatever is in it."""

import pytest

from cpd.schemes.reading import read_pack
from cpd.schemes.yaml_text import MAX_BYTES


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", "1: is empty", id="an empty file"),
        pytest.param("\n\n# only a remark\n", "1: is empty", id="remarks only"),
        pytest.param("---\n", "1: is empty: a pack has keys, the first being organisation", id="a document of nothing"),
        pytest.param("- a\n", "1: is a list: a pack has keys, the first being organisation", id="a list"),
        pytest.param("hello", "1: is a single value: a pack has keys, the first being organisation", id="a word"),
        pytest.param("a: 1\n---\nb: 1\n", "2: a second document starts here: one file holds one pack", id="two packs"),
        pytest.param("a: 1\nb:\n\t- 2\n", "3: a tab stands here: use spaces", id="a tab"),
        pytest.param("a: 1\nb: x\0\n", "2: the character U+0000 is not allowed", id="a NUL"),
        pytest.param('a: "x\\0"\n', "1: the character U+0000 is not allowed", id="a NUL in disguise"),
        pytest.param('a: "\\ud800"\n', "1: the character U+D800 is not allowed", id="half a character in disguise"),
        pytest.param('a: 1\nb: "\\UFFFFFFFF"\n', "2: is not correct YAML: something is wrong here", id="no character"),
        pytest.param("a: \ud800", "1: the character U+D800 is not allowed", id="half a character"),
        pytest.param(b"a: 1\nb: caf\xe9\n", "2: is not UTF-8 text: save the file as UTF-8", id="Windows-1252"),
        pytest.param("a: 1".encode("utf-16"), "1: is not UTF-8 text: save the file as UTF-8", id="UTF-16"),
        pytest.param(
            "a: &x [1]\nb: [*x, *x]\n", "1: uses an anchor or an alias (& or *): write it out instead", id="an anchor"
        ),
        pytest.param("a: 1\nb: *x\n", "2: uses an anchor or an alias (& or *): write it out instead", id="an alias"),
        pytest.param("a: !!python/object:os.system x\n", "1: uses a tag (!): write a plain value instead", id="a tag"),
        pytest.param("? [a, b]\n: 1\n", "1: a key must be a plain word", id="a list as a key"),
        pytest.param("a: 1\n&x b: 1\n", "2: a key must be a plain word", id="an anchored key"),
        pytest.param("[" * 100_000, "1: is nested more than 40 deep", id="deep lists"),
        pytest.param("- " * 100_000, "1: is nested more than 40 deep", id="deep dashes"),
        pytest.param("a: b: c", "1: is not correct YAML: mapping values are not allowed here", id="two colons"),
        pytest.param(
            "a: 1\nb: [1, 2\nc: 3\n", "3: is not correct YAML: expected ',' or ']', but got ':'", id="an open list"
        ),
        pytest.param("a: " + "x" * MAX_BYTES, "1: is larger than 1024 KB", id="a huge file"),
        pytest.param("a: \ud800" + "x" * MAX_BYTES, "1: is larger than 1024 KB", id="a huge odd file"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(content, expected, refusal):
    assert refusal(content) == [f"small.yaml:{expected}"]


def test_of_a_file_full_of_tabs_the_first_twenty_are_shown(refusal):
    assert refusal("a: 1\n" + "\t# remark\n" * 30) == [
        f"small.yaml:{line}: a tab stands here: use spaces" for line in range(2, 22)
    ]


def test_a_file_is_called_by_its_own_name_and_a_missing_one_is_refused(tmp_path, refusal):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("a: 1\n", encoding="utf-8")

    assert refusal(wrong, None)[0] == "wrong.yaml:1: 'a' is not known here"
    assert refusal(tmp_path / "none.yaml", None) == ["none.yaml:1: cannot be read: No such file or directory"]
    assert refusal(tmp_path, "a folder") == ["a folder:1: cannot be read: Is a directory"]
    assert refusal(tmp_path / "a\0b", "a name") == ["a name:1: cannot be read: its name is not one"]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_a_file_saved_on_another_machine_is_the_same_pack(ends, small, refusal):
    content = b"\xef\xbb\xbf" + small.replace("\n", ends).encode()

    assert read_pack(content) == read_pack(small)
    assert refusal(content.replace(b"version: 1", b"version: yes")) == refusal(
        small.replace("version: 1", "version: yes")
    )
