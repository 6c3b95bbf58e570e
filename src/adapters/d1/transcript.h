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

struct Question {
  std::string key;
  Statement statement;
  bool read = false;  // not only expected
};

// What the latest batch told, all of one state of the database, and what the next one will ask
// besides what it is sent for.
class Memory {
 public:
  const Rows* find(const std::string& key) const;
  void forget() { answers_.clear(); }
  void foresee(const std::vector<Question>& questions);
  // The questions of a batch: these, and those that were foreseen.
  std::vector<Question> next_batch(std::vector<Question> questions);
  // The answers to such, in their order; they take the place of all earlier ones.
  void learn(const std::vector<Question>& questions, std::vector<Rows> answers, Guesses& guesses);

 private:
  std::unordered_map<std::string, Rows> answers_;
  std::vector<Question> foreseen_;
};

class Transcript final : public sqlite::Connection {
 public:
  Transcript(Entropy& entropy, const Memory& memory, const Guesses& guesses)
      : entropy_(entropy), memory_(memory), guesses_(guesses) {}

  // Before each run of the function that is given this connection.
  void begin_run();
  // Whether the last run asked what there was no answer to, so that its result means nothing.
  bool wants_more() const { return missing_; }
  // Everything the last run asked.
  const std::vector<Question>& asked() const { return asked_; }
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
  Question& ask(const char* sql, std::span<const sqlite::Parameter> parameters);

  Entropy& entropy_;
  const Memory& memory_;
  const Guesses& guesses_;
  std::vector<Question> asked_;
  std::unordered_map<std::string, std::size_t> places_;  // in asked_
  std::vector<Statement> writes_;
  bool missing_ = false;
};

}  // namespace kontor::d1
