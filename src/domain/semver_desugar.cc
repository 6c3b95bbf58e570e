// The rewriting steps of the range grammar.
#include "domain/semver_desugar.h"

#include "domain/semver_grammar.h"

#include <initializer_list>

namespace kontor::semver_grammar {
namespace {

std::string concat(std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (std::string_view piece : pieces) text += piece;
  return text;
}

// The number after `digits` as ECMAScript prints it, which matters above kMaxComponent too: up to
// 10^21 that is a number, too large for a version; beyond, it has an exponent and is no number at
// all, which the loose grammar skips. "1e+21" alone it can still read, as 1-e+21.
std::string plus_one(std::string_view digits) {
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  if (digits.size() <= 16) {
    std::uint64_t number = 0;
    for (char c : digits) number = number * 10 + static_cast<std::uint64_t>(c - '0');
    return std::to_string(number + 1);
  }
  const double number = as_double(digits);
  if (number < 1e21) return std::string(digits);
  for (char leading : {digits[0], static_cast<char>(digits[0] + 1)}) {
    std::string round = leading > '9' ? "10" : std::string(1, leading);
    round.append(digits.size() - 1, '0');
    if (number == as_double(round)) return round.substr(0, 1) + "e+21";
  }
  return "1.5e+21";  // any digits after the point
}

// Lower bounds of wildcards and upper bounds. "-0" is the lowest prerelease there is.
std::string_view lowest(const RangeOptions& options) {
  return options.include_prerelease ? "-0" : "";
}
std::string below_next_major(const Parts& v) {
  return "<" + plus_one(v.major) + ".0.0-0";
}
std::string below_next_minor(const Parts& v) {
  return concat({"<", v.major, ".", plus_one(v.minor), ".0-0"});
}
std::string below_next_patch(const Parts& v) {
  return concat({"<", v.major, ".", v.minor, ".", plus_one(v.patch), "-0"});
}
std::string from_major(const Parts& v, const RangeOptions& options) {
  return concat({">=", v.major, ".0.0", lowest(options)});
}
std::string from_minor(const Parts& v, const RangeOptions& options) {
  return concat({">=", v.major, ".", v.minor, ".0", lowest(options)});
}
std::string from_version(const Parts& v) {
  std::string text = concat({">=", v.major, ".", v.minor, ".", v.patch});
  if (!v.prerelease.empty()) text += concat({"-", v.prerelease});
  return text;
}

std::string hyphen_from(std::string_view text, const Parts& v, const RangeOptions& options) {
  if (is_wildcard(v.major)) return "";
  if (is_wildcard(v.minor)) return from_major(v, options);
  if (is_wildcard(v.patch)) return from_minor(v, options);
  return concat({">=", text, v.prerelease.empty() ? lowest(options) : ""});
}

std::string hyphen_to(std::string_view text, const Parts& v, const RangeOptions& options) {
  if (is_wildcard(v.major)) return "";
  if (is_wildcard(v.minor)) return below_next_major(v);
  if (is_wildcard(v.patch)) return below_next_minor(v);
  if (!v.prerelease.empty())
    return concat({"<=", v.major, ".", v.minor, ".", v.patch, "-", v.prerelease});
  if (options.include_prerelease) return below_next_patch(v);
  return concat({"<=", text});
}

// "^1.2.3": up to the next change of the first part that is not zero.
std::string desugar_caret(std::string_view word, const RangeOptions& options) {
  if (!word.starts_with('^')) return std::string(word);
  const auto v = match_partial(word.substr(1), options.grammar);
  if (!v) return std::string(word);
  if (is_wildcard(v->major)) return "";
  const bool major_is_zero = v->major == "0";
  if (is_wildcard(v->minor)) return from_major(*v, options) + " " + below_next_major(*v);
  if (is_wildcard(v->patch))
    return from_minor(*v, options) + " " +
           (major_is_zero ? below_next_minor(*v) : below_next_major(*v));
  if (!major_is_zero) return from_version(*v) + " " + below_next_major(*v);
  return from_version(*v) + " " + (v->minor == "0" ? below_next_patch(*v) : below_next_minor(*v));
}

// "~1.2.3" or "~>1.2.3": up to the next minor; "~1": up to the next major.
std::string desugar_tilde(std::string_view word, const RangeOptions& options) {
  if (!word.starts_with('~')) return std::string(word);
  const auto v = match_partial(word.substr(word.starts_with("~>") ? 2 : 1), options.grammar);
  if (!v) return std::string(word);
  if (is_wildcard(v->major)) return "";
  if (is_wildcard(v->minor)) return from_major(*v, options) + " " + below_next_major(*v);
  if (is_wildcard(v->patch)) return from_minor(*v, options) + " " + below_next_minor(*v);
  return from_version(*v) + " " + below_next_minor(*v);
}

// "<1.2" and the like: an operator before a version with wildcards.
std::string bound_of_x_range(std::string_view op, const Parts& v, const RangeOptions& options) {
  const bool major_only = is_wildcard(v.minor);
  if (op == ">=") return major_only ? from_major(v, options) : from_minor(v, options);
  if (op == "<") return concat({"<", v.major, ".", major_only ? "0" : v.minor, ".0-0"});
  if (op == "<=") return major_only ? below_next_major(v) : below_next_minor(v);
  // ">1" begins where 1.x ends.
  if (major_only) return concat({">=", plus_one(v.major), ".0.0", lowest(options)});
  return concat({">=", v.major, ".", plus_one(v.minor), ".0", lowest(options)});
}

// "1.x", ">=1.2", "*". A whole version stays as it is, and so does a wildcard before a number.
std::string desugar_x_range(std::string_view word, const RangeOptions& options) {
  std::string_view operand = word;
  const std::string_view op = take_operator(operand);
  const auto v = match_partial(operand, options.grammar);
  if (!v) return std::string(word);
  const bool any_major = is_wildcard(v->major);
  const bool any_minor = is_wildcard(v->minor);
  const bool any_patch = is_wildcard(v->patch);
  if ((any_major && !any_minor) || (any_minor && !any_patch)) return std::string(word);
  if (any_major) return op == ">" || op == "<" ? "<0.0.0-0" : "*";
  if (!any_patch) return std::string(word);
  if (!op.empty() && op != "=") return bound_of_x_range(op, *v, options);
  if (any_minor) return from_major(*v, options) + " " + below_next_major(*v);
  return from_minor(*v, options) + " " + below_next_minor(*v);
}

// Takes out the first star and the operator before it, wherever it stands: "*" means no bound.
std::string remove_star(std::string text) {
  const std::size_t star = text.find('*');
  if (star == text.npos) return text;
  std::size_t begin = star;
  if (begin > 0 && text[begin - 1] == '=') --begin;
  if (begin > 0 && (text[begin - 1] == '<' || text[begin - 1] == '>')) --begin;
  return text.erase(begin, star + 1 - begin);
}

// Applies a step to each word of a text, keeping the single spaces between.
template <class Step>
std::string each_word(std::string_view text, Step step, const RangeOptions& options) {
  std::string out;
  while (true) {
    const std::size_t space = text.find(' ');
    out += step(text.substr(0, space), options);
    if (space == text.npos) return out;
    out += ' ';
    text.remove_prefix(space + 1);
  }
}

// Drops the space between < <= > >= = and the version it belongs to.
std::string join_comparators(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (text[at] == '<' || text[at] == '>') ++at;
    while (at < text.size() && is_prefix_char(text[at])) ++at;
    const std::size_t end = operand_end(text, at);
    if (end == at) {
      if (at == begin) ++at;
      continue;
    }
    std::string_view before = text.substr(begin, at - begin);
    if (before.starts_with(' ')) before.remove_prefix(1);
    take_operator(before);
    if (before.starts_with(' ')) {
      const std::size_t space = at - before.size();
      out += text.substr(copied, space - copied);
      copied = space + 1;
    }
    at = end;
  }
  out += text.substr(copied);
  return out;
}

// Drops the space after each ~, ~> and ^. "~> 1" becomes "~1".
std::string join_tildes_and_carets(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (text[at] == '~' && text.substr(at + 1).starts_with("> "))
      at += 2;
    else if ((text[at] == '~' || text[at] == '^') && text.substr(at + 1).starts_with(' '))
      ++at;
  }
  return out;
}

}  // namespace

std::string_view take_operator(std::string_view& word) {
  std::size_t length = word.starts_with('<') || word.starts_with('>') ? 1 : 0;
  if (word.substr(length).starts_with('=')) ++length;
  const std::string_view op = word.substr(0, length);
  word.remove_prefix(length);
  return op;
}

std::string strip_build(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = unbounded_build_end(text, at);
    if (end == at) out += text[at++];
    at = end > at ? end : at;
  }
  return out;
}

std::string desugar_hyphen(std::string_view text, const RangeOptions& options) {
  const std::size_t hyphen = text.find(" - ");
  if (hyphen == text.npos) return std::string(text);
  std::string_view from = text.substr(0, hyphen);
  std::string_view to = text.substr(hyphen + 3);
  if (from.starts_with(' ')) from.remove_prefix(1);
  if (to.ends_with(' ')) to.remove_suffix(1);
  const auto low = match_partial(from, options.grammar);
  const auto high = match_partial(to, options.grammar);
  if (!low || !high) return std::string(text);
  const std::string both = hyphen_from(from, *low, options) + " " + hyphen_to(to, *high, options);
  return std::string(trim_spaces(both));
}

std::string join_operators(std::string_view text) {
  return join_tildes_and_carets(join_comparators(text));
}

std::string desugar_word(std::string_view word, const RangeOptions& options) {
  std::string text = desugar_caret(word, options);
  text = each_word(text, desugar_tilde, options);
  text = each_word(text, desugar_x_range, options);
  return remove_star(std::string(trim_spaces(text)));
}

}  // namespace kontor::semver_grammar
