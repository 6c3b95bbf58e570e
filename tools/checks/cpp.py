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


class Function:
    """A function body: first line of its header, last line, its header, and how many of its lines
    are rows of tables (braced lists after `=` or `return`)."""

    def __init__(self, first, last, header, rows):
        self.first, self.last, self.header, self.rows = first, last, " ".join(header.split()), rows

    @property
    def lines(self):
        return self.last - self.first + 1


class _Brace:
    def __init__(self, kind, start, header, at):
        self.kind, self.start, self.header, self.at, self.rows = kind, start, header, at, 0


def functions(text):
    """Every function body of a file, in order of their ends.

    Measures by braces, which our layout makes sound: at scope level a brace after a blank opens a
    namespace, a type, a function or data; one right after a name initialises (`a_{a}`).
    """
    code = _without_directives(blank(text))
    stack = []
    header_start = None
    parens = 0
    for match in re.finditer(r"[{}();:]|[^\s{}();:]+", code):
        at, token = match.start(), match.group()
        inside = _inside_body(stack)
        if inside and token not in "{}":
            continue
        if header_start is None and token not in "{};":
            header_start = at
        if token == "(":
            parens += 1
        elif token == ")":
            parens -= 1
        elif token == ";" and parens == 0:
            header_start = None
        elif token == ":" and code[header_start:at].strip() in ("public", "protected", "private"):
            header_start = None
        elif token == "{":
            start = at if header_start is None else header_start
            header = code[start:at]
            kind = _kind_inside(code, at) if inside else _kind(header, parens)
            stack.append(_Brace(kind, start, header, at))
            if kind == "scope":
                header_start = None
        elif token == "}" and stack:
            brace = stack.pop()
            _pass_rows(code, brace, at, stack)
            if brace.kind == "function":
                yield Function(line_of(code, brace.start), line_of(code, at), brace.header, brace.rows)
            if not _inside_body(stack) and brace.kind in ("scope", "function"):
                header_start = None


def _inside_body(stack):
    return bool(stack) and stack[-1].kind != "scope"


def _kind(header, parens):
    """What a brace at scope level opens."""
    if parens > 0 or (header and not header[-1].isspace()):
        return "value"
    if _is_function(header):
        return "function"
    return "table" if re.search(r"=\s*$", header) else "scope"


def _kind_inside(code, at):
    """What a brace inside a body opens: the rows of a table, or a block of statements."""
    return "table" if re.search(r"(?:[^=!<>]=|\breturn)\s*$", code[max(0, at - 80) : at]) else "block"


def _pass_rows(code, brace, at, stack):
    """Adds a closed brace's table rows to the brace around it."""
    if brace.kind == "table":
        brace.rows = max(0, code.count("\n", brace.at, at) - 1)
    if _inside_body(stack) and brace.kind != "function":
        stack[-1].rows += brace.rows


def _without_directives(code):
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda match: _spaces(match.group()), code, flags=re.MULTILINE)
