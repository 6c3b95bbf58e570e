"""Reading C++ just well enough to check it: comments and literals are blanked, lines kept."""

import re

_LITERALS = re.compile(
    r"""
    (?P<line>//[^\n]*)
  | (?P<block>/\*.*?(?:\*/|\Z))
  | (?P<raw>\bR"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)")
  | (?P<include>^[ \t]*\#[ \t]*include[^\n]*)
  | (?P<number>\b\d(?:'?[\w.])*)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<character>'(?:\\.|[^'\\\n])*')
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


def _spaces(text):
    return re.sub(r"[^\n]", " ", text)


def blank(text):
    """The code alone: comments, include lines and the insides of literals become spaces, so that
    every offset and line stays what it was."""

    def replace(match):
        kind = match.lastgroup
        if kind == "number":
            return match.group()
        if kind in ("string", "character"):
            return match.group()[0] + _spaces(match.group()[1:-1]) + match.group()[-1]
        if kind in ("raw", "mark"):
            return '"' + _spaces(match.group()[1:-1]) + '"'
        return _spaces(match.group())

    return _LITERALS.sub(replace, text)


def includes(text):
    """(line, spelling) of every include, spelling with its quotes or brackets; none from comments."""
    for match in _LITERALS.finditer(text):
        if match.lastgroup == "include":
            found = re.search(r'"[^"\n]*"|<[^>\n]*>', match.group())
            if found:
                yield line_of(text, match.start("include")), found.group()


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


_SCOPE = re.compile(r"^(?:\w+\s+)*?(?:namespace|extern|class|struct|union|enum)\b")


def _is_function(header):
    """Whether the text before a brace at scope level opens a function's body."""
    header = re.sub(r"^template\s*<.*?>\s*(?=\w|\[)", "", header.strip(), flags=re.DOTALL)
    header = re.sub(r"\[\[.*?\]\]", " ", header, flags=re.DOTALL).strip()
    if _SCOPE.match(header) and not re.search(r"\)\s*(?:const|noexcept|override|final|->.*)*$", header):
        return False
    if re.search(r"=\s*$", header):
        return False
    return "(" in header


def functions(text):
    """(first line, last line, header) of every function body, from the line its header starts on.

    Measures by braces, which our layout makes sound: at scope level a brace after a blank opens a
    namespace, a type, a function or data; one right after a name initialises (`a_{a}`).
    """
    code = _without_directives(blank(text))
    stack = []  # kinds: "scope", "function", "data", "value"
    header_start = None
    parens = 0
    start = 0
    for match in re.finditer(r"[{}();]|\S", code):
        at, char = match.start(), match.group()
        inside = bool(stack) and stack[-1][0] in ("function", "data", "value")
        if header_start is None and char not in "{};" and not inside:
            header_start = at
        if inside and char not in "{}":
            continue
        if char == "(":
            parens += 1
        elif char == ")":
            parens -= 1
        elif char == ";" and parens == 0:
            header_start = None
        elif char == ":" and code[header_start or at : at].strip() in ("public", "protected", "private"):
            header_start = None
        elif char == "{":
            start = header_start if header_start is not None else at
            header = code[start:at]
            stack.append((_kind(header, stack, parens), start, header))
            if stack[-1][0] == "scope":
                header_start = None
        elif char == "}" and stack:
            kind, start, header = stack.pop()
            if kind == "function" and not _inside_body(stack):
                yield line_of(text, start), line_of(text, at), " ".join(header.split())
            if kind in ("scope", "function"):
                header_start = None


def _inside_body(stack):
    return any(kind in ("function", "data", "value") for kind, _, _ in stack)


def _kind(header, stack, parens):
    if _inside_body(stack):
        return stack[-1][0]
    if parens > 0 or (header and not header[-1].isspace()):
        return "value"
    if _is_function(header):
        return "function"
    return "data" if re.search(r"=\s*$", header) else "scope"


def _without_directives(code):
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda match: _spaces(match.group()), code, flags=re.MULTILINE)
