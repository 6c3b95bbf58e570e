// One key a question: its text and its values.
#include "adapters/d1/transcript.h"

#include <unordered_set>
#include <utility>

namespace kontor::d1 {
namespace {

constexpr std::size_t kMostGuesses = 256;
constexpr std::size_t kLargestGuess = 4096;

std::string key_of(const Statement& statement) {
  std::string key = statement.sql;
  for (const auto& value : statement.values) {
    key += static_cast<char>('0' + static_cast<int>(value.kind));
    key += std::to_string(value.bytes.size()) + ':' + value.bytes;
  }
  return key;
}

void give(const Rows& rows, sqlite::RowSink& sink) {
  for (const auto& row : rows)
    if (sink.enough(QuotedRow(row))) return;
}

}  // namespace

const Rows* Guesses::find(const std::string& key) const {
  const auto it = rows_.find(key);
  return it == rows_.end() ? nullptr : &it->second;
}

void Guesses::note(const std::string& key, const Rows& rows) {
  std::size_t size = 0;
  for (const auto& row : rows) size += row.size();
  if (size > kLargestGuess) return;
  if (rows_.size() >= kMostGuesses) rows_.clear();
  rows_[key] = rows;
}

const Rows* Memory::find(const std::string& key) const {
  const auto it = answers_.find(key);
  return it == answers_.end() ? nullptr : &it->second;
}

void Memory::foresee(const std::vector<Question>& questions) {
  foreseen_.insert(foreseen_.end(), questions.begin(), questions.end());
}

std::vector<Question> Memory::next_batch(std::vector<Question> questions) {
  std::unordered_set<std::string> keys;
  for (const auto& question : questions) keys.insert(question.key);
  for (auto& question : std::exchange(foreseen_, {}))
    if (keys.insert(question.key).second) questions.push_back(std::move(question));
  return questions;
}

void Memory::learn(const std::vector<Question>& questions, std::vector<Rows> answers,
                   Guesses& guesses) {
  answers_.clear();
  for (std::size_t i = 0; i < questions.size() && i < answers.size(); ++i) {
    guesses.note(questions[i].key, answers[i]);
    answers_[questions[i].key] = std::move(answers[i]);
  }
}

void Transcript::begin_run() {
  asked_.clear();
  places_.clear();
  writes_.clear();
  missing_ = false;
}

Question& Transcript::ask(const char* sql, std::span<const sqlite::Parameter> parameters) {
  Statement statement = compose(sql, parameters);
  std::string key = key_of(statement);
  const auto [it, added] = places_.try_emplace(key, asked_.size());
  if (added) asked_.push_back({std::move(key), std::move(statement)});
  return asked_[it->second];
}

Result<void> Transcript::query(const char* sql, std::span<const sqlite::Parameter> parameters,
                               sqlite::RowSink& rows) {
  if (!is_query(sql)) {
    writes_.push_back(compose(sql, parameters));
    return {};
  }
  Question& question = ask(sql, parameters);
  question.read = true;
  if (const Rows* known = memory_.find(question.key)) {
    give(*known, rows);
    return {};
  }
  missing_ = true;
  if (const Rows* guess = guesses_.find(question.key)) give(*guess, rows);
  return {};
}

void Transcript::expect_query(const char* sql, std::span<const sqlite::Parameter> parameters) {
  ask(sql, parameters);
}

std::vector<Statement> Transcript::commit() const {
  std::vector<Statement> statements;
  for (const auto& question : asked_)
    if (const Rows* known = memory_.find(question.key); question.read && known)
      statements.push_back(guard(question.statement, *known));
  statements.insert(statements.end(), writes_.begin(), writes_.end());
  return statements;
}

}  // namespace kontor::d1
