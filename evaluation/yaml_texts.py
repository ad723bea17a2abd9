"""Texts in YAML that read differently from how they look, and how a syntax fault is told.

Here belong patterns over single lines, keys and values; the tree is built in `strict_yaml.py`.
"""

import re
from typing import TypeAlias

import yaml

from evaluation.faults import Fault

Surprise: TypeAlias = tuple[str, str]

# `on` is the key of `ranking`, and as a key it is read here as nothing but itself.
_WORDS_AS_KEYS = frozenset({"yes", "no", "off", "y", "n", "true", "false", "null", "~"})
_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
_OCTAL = re.compile(r"[-+]?0[0-9_]+|[-+]?0[xob][0-9a-fA-F_]+")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_UNDERSCORED = re.compile(r"[-+]?[0-9][0-9]*_[0-9_.]*")
_EXPONENT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+")

_COLONS = "：﹕︰∶ː꞉"
_FULL_WIDTH_KEY = re.compile(rf"^\s*(?:- +)*[\"']?([A-Za-z0-9_-]+)[\"']?\s*[{_COLONS}]")
# Control characters, line breaks that editors do not count, and marks that reorder or hide text.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# YAML counts these as line breaks: they are refused, and read as spaces so that the lines told are right.
UNSEEN_LINE_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}

_PROBLEMS = (
    ("mapping values are not allowed", "此处不应有冒号：缩进不齐，或值里有“: ”而未加引号"),
    ("could not find expected ':'", "缺少冒号加空格"),
    ("found character that cannot start any token", "值以 YAML 保留的字符(@、`、% 等)开头而未加引号"),
    ("expected <block end>", "缩进与上文不齐"),
    ("did not find expected", "缩进与上文不齐，或括号、引号未闭合"),
    ("found unexpected end of stream", "引号未闭合"),
    ("control characters are not allowed", "含有控制字符"),
)


def value_surprise(text: str, plain: bool) -> Surprise | None:
    """(message, remedy) for an unquoted value that YAML readers take for something else than its text."""
    if not plain:
        return None
    if text in {"", "~"} or text.lower() == "null":
        return "键后没有值" if text == "" else f"值 {text} 是空值", "写上值，或删去此键；确要写这个字就加引号"
    if text.lower() in _BOOLEANS:
        return f"值 {text} 未加引号，有的程序读作真假", "是文字就加引号，是真假就写 true 或 false"
    if text.lower() in {"true", "false"} and text not in {"true", "false"}:
        return f"真假写作 {text}", f"写 {text.lower()}"
    return _number_surprise(text)


def _number_surprise(text: str) -> Surprise | None:
    if _OCTAL.fullmatch(text):
        return f"值 {text} 有的程序读作八进制或十六进制数", "是数字就去掉前面的 0，是代码就加引号"
    if _SEXAGESIMAL.fullmatch(text):
        return f"值 {text} 有的程序读作六十进制数", "加引号"
    if _NOT_A_NUMBER.fullmatch(text):
        return f"值 {text} 不是数", "写实际的数，或删去此键"
    if _UNDERSCORED.fullmatch(text):
        return f"值 {text} 有的程序读作去掉下划线的数", "是数字就去掉下划线，是代码就加引号"
    if _EXPONENT.fullmatch(text):
        return f"值 {text} 有的程序读作指数记法", "写成普通小数；是代码就加引号"
    return None


def key_surprise(text: str, plain: bool) -> Surprise | None:
    """(message, remedy) for a key that is not the plain code it seems to be."""
    if not text:
        return "键是空的", "写上键"
    if not text.isascii():
        return f"键 {text} 含有全角标点或非 ASCII 字符", "键用半角小写代码，冒号用半角并在其后空一格"
    if text == "<<":
        return "用了合并键 <<", "把内容写全"
    if plain and text.lower() in _WORDS_AS_KEYS:
        return f"键 {text} 有的程序读作真假或空", "换一个代码"
    if plain and (surprise := _number_surprise(text)):
        return surprise[0].replace("值", "键", 1), "换一个代码或加引号"
    return None


def text_faults(file: str, text: str, written_texts: list[tuple[int, int]]) -> list[Fault]:
    """Faults that show in the lines themselves; a look-alike colon inside a text of several lines is none."""
    faults = []
    inside = {line for first, last in written_texts for line in range(first + 1, last)}
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            faults.append(Fault(file, number, "", "有制表符(Tab)", "改成空格"))
        if hidden := _HIDDEN.search(line):
            shown = f"U+{ord(hidden[0]):04X}"
            faults.append(Fault(file, number, "", f"有看不见的字符 {shown}", "删去，重新输入这一行"))
        if number not in inside and (look_alike := _FULL_WIDTH_KEY.match(line)):
            message = f"键 {look_alike[1]} 后是全角冒号"
            faults.append(Fault(file, number, look_alike[1], message, "改成半角冒号加空格"))
    return faults


def syntax_fault(file: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context", None) or ""
    if "quoted scalar" in context:
        mark = getattr(error, "context_mark", mark)
    problem = getattr(error, "problem", None) or str(error)
    told = next((words for start, words in _PROBLEMS if start in problem), f"YAML 语法有误({problem})")
    line = None if mark is None else mark.line + 1
    return Fault(file, line, "", told, "改正这一行或它的上一行")
