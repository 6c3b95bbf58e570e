#pragma once
// A connection that has the answers it was told, and takes notes of all it is asked.
#include "adapters/d1/quoted_rows.h"
#include "ports/entropy.h"

#include <unordered_map>
#include <vector>

namespace kontor::d1 {

// Rows that were right once, by query. Taken for a missing answer they only help to find out what
// else will be asked; nothing is decided by them.
class Guesses {
 public:
  const Rows* find(const std::string& key) const;
  void note(const std::string& key, const Rows& rows);

 private:
  std::unordered_map<std::string, Rows> rows_;
};

class Transcript final : public sqlite::Connection {
 public:
  Transcript(Entropy& entropy, Guesses& guesses) : entropy_(entropy), guesses_(guesses) {}

  // Before each run of the function that is given this connection.
  void begin_run();
  // Whether the last run asked what there was no answer to, so that its result means nothing.
  bool wants_more() const { return missing_; }
  // Everything the last run asked, as statements that yield quoted rows; then their answers.
  std::vector<Statement> questions() const;
  void learn(std::vector<Rows> answers);
  // What the last run wrote, behind guards that hold as long as its answers are true.
  std::vector<Statement> commit() const;
  bool writes() const { return !writes_.empty(); }

  bool knows_all() const override { return !missing_; }
  Bytes random_bytes(std::size_t count) override { return entropy_.bytes(count); }

 protected:
  Result<void> query(const char* sql, std::span<const sqlite::Parameter> parameters,
                     sqlite::RowSink& rows) override;
  void expect_query(const char* sql, std::span<const sqlite::Parameter> parameters) override;

 private:
  struct Question {
    std::string key;
    Statement statement;
    bool read = false;  // not only expected
  };
  Question& ask(const char* sql, std::span<const sqlite::Parameter> parameters);

  Entropy& entropy_;
  Guesses& guesses_;
  std::unordered_map<std::string, Rows> answers_;
  std::vector<Question> asked_;
  std::unordered_map<std::string, std::size_t> places_;  // in asked_
  std::vector<Statement> writes_;
  bool missing_ = false;
};

}  // namespace kontor::d1
