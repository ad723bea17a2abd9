"""What YAML is refused, on which line, and that nothing written is changed. Meaning is tested elsewhere."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evaluation.strict_yaml import DEEPEST, LARGEST_FILE, LONGEST_TEXT, read_yaml


def lines(text: str) -> list[int | None]:
    return [fault.line for fault in read_yaml(text.encode(), "rulebook.yaml")[1]]


def only_fault(text: str) -> str:
    faults = read_yaml(text.encode(), "rulebook.yaml")[1]
    assert len(faults) == 1, faults
    return str(faults[0])


def test_scalars_stay_text() -> None:
    document, faults = read_yaml(b"a: 1.50\nb: [2025-01-01, 95%, true]\nc: {d: '010'}\n", "rulebook.yaml")
    assert faults == []
    assert document.tree == {"a": "1.50", "b": ["2025-01-01", "95%", "true"], "c": {"d": "010"}}


def test_every_node_knows_its_line() -> None:
    document, _ = read_yaml(b"a:\n  - code: x\n    points: 3\n  -\n    code: y\n", "rulebook.yaml")
    assert document.line(("a", 0, "points")) == 3
    assert document.line(("a", 1, "code")) == 5
    assert document.line(("a", 0, "unwritten")) == 2
    assert document.key(("a", 0, "points")) == "a.x.points"
    assert document.key(("a", 7)) == "a[8]"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "重复"),
        ("a: &x 1\n", 1, "锚点"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "标签"),
        ("a: 1\nb: ! x\n", 2, "标签"),
        ("a: 1\nb:\t2\n", 2, "制表符"),
        ("a: 1\nb： 2\nc: 3\n", 2, "全角冒号"),
        ("a: 1\nb：2\n", 2, "全角冒号"),
        ("x:\n  - code： y\n    name: z\n", 2, "全角冒号"),
        ("a: 1\n（b）: 2\n", 2, "全角标点"),
        ("a: NO\n", 1, "真假"),
        ("a: on\n", 1, "真假"),
        ("a: Yes\n", 1, "真假"),
        ("a: y\n", 1, "真假"),
        ("a: True\n", 1, "真假"),
        ("no: 1\n", 1, "真假"),
        ("a: 010\n", 1, "八进制"),
        ("a: -0x1F\n", 1, "十六进制"),
        ("a: 1:30\n", 1, "六十进制"),
        ("010: 1\n", 1, "八进制"),
        ("a: .nan\n", 1, "不是数"),
        ("a: -.INF\n", 1, "不是数"),
        ("a: 1_000\n", 1, "下划线"),
        ("a: 1e3\n", 1, "指数"),
        ("a: 1\nb:\nc: 2\n", 2, "没有值"),
        ("a: null\n", 1, "空值"),
        ("a: ~\n", 1, "空值"),
        ("a: 1\n---\nb: 1\n", 2, "几份"),
        ("%YAML 1.1\n---\na: 1\n", 1, "指令"),
        ("<<: {a: 1}\n", 1, "合并键"),
        ("? [a]\n: 1\n", 1, "不能作键"),
        ("a: 1\n b: 2\n", 2, "冒号"),
        ("a: [1, 2\n", 2, "未闭合"),
        ("a: 'b\nc: 1\n", 1, "引号"),
        ("a: b\u202ec\n", 1, "U+202E"),
        ("a: b\u200bc\n", 1, "U+200B"),
        ("a: b\u2028c\n", 1, "U+2028"),
    ],
)
def test_what_reads_differently_from_how_it_looks_is_refused(text: str, line: int, word: str) -> None:
    faults = read_yaml(text.encode(), "rulebook.yaml")[1]
    assert [(fault.line, word in str(fault)) for fault in faults] == [(line, True)], faults
    assert all(fault.remedy for fault in faults)


@pytest.mark.parametrize("text", ["a: 'no'\n", 'a: "010"\n', "a: '1:30'\n", "a: true\n", "on: published\n", "a: 0.5\n"])
def test_what_is_plain_is_admitted(text: str) -> None:
    assert lines(text) == []


def test_a_full_width_colon_inside_a_text_of_several_lines_is_text() -> None:
    document, faults = read_yaml("a: |\n  GDP：增长\n  RD：投入\nb: 1\n".encode(), "rulebook.yaml")
    assert faults == []
    assert document.tree == {"a": "GDP：增长\nRD：投入\n", "b": "1"}


def test_all_faults_are_told_at_once() -> None:
    assert lines("a: no\nb: 010\na: 1\nc: [&x 1, *x]\nd: .nan\n") == [1, 2, 3, 4, 4, 5]


def test_an_alias_of_itself_is_refused() -> None:
    assert set(lines("a: &s\n  b: *s\n")) == {1, 2}


def test_aliases_are_never_expanded() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 30)
    )
    started = time.monotonic()
    assert len(lines(bomb)) == 30 + 29 * 10
    assert time.monotonic() - started < 2


def test_depth_beyond_the_limit_is_refused() -> None:
    assert lines("[" * DEEPEST + "1" + "]" * DEEPEST) == []
    assert "嵌套" in only_fault("[" * 100_000)
    assert "嵌套" in only_fault("".join("  " * level + "a:\n" for level in range(DEEPEST + 2)) + "  " * 60 + "b: 1\n")


def test_size_beyond_the_limit_is_refused() -> None:
    assert "字节" in only_fault("a: 1\n" + "#" * LARGEST_FILE)
    assert "字符" in only_fault("a: " + "x" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize("content", ["名称: 一".encode("gbk"), "a: 一".encode("utf-16")])
def test_another_encoding_is_refused(content: bytes) -> None:
    document, faults = read_yaml(content, "rulebook.yaml")
    assert not document.complete
    assert [(fault.line, "UTF-8" in fault.message) for fault in faults] == [(1, True)]


def test_a_byte_order_mark_is_admitted() -> None:
    document, faults = read_yaml(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "rulebook.yaml")
    assert (document.tree, faults) == ({"a": "1", "b": "2"}, [])


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert "空" in only_fault(text)


texts = st.text(st.characters(categories=["L", "N", "P", "Zs"], max_codepoint=0xFFFF), max_size=12).filter(
    lambda text: text.isprintable()
)
trees = st.recursive(
    texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.from_regex("[a-z]{3,8}", fullmatch=True), inner),
    max_leaves=20,
)


@given(tree=st.dictionaries(st.sampled_from(["alpha", "beta", "gamma"]), trees, min_size=1))
def test_what_is_written_quoted_is_read_back_unchanged(tree: dict[str, object]) -> None:
    written = yaml.safe_dump(tree, allow_unicode=False, default_style='"')
    document, faults = read_yaml(written.encode(), "rulebook.yaml")
    assert faults == []
    assert document.tree == tree


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    document, faults = read_yaml(content, "rulebook.yaml")
    assert document.complete or faults
