// Requests are written and answers read as apps/server/signer/service.cc does the other way round.
#include "apps/server/signer/remote_signer.h"

#include "apps/server/signer/messages.h"
#include "base/encoding.h"
#include "ports/run_on.h"

namespace kontor::signer {
namespace {

std::string spelt(LogId log) {
  return std::string(to_string(log));
}

Result<Json> list_in(const Json& answer) {
  const auto it = answer.find("keys");
  if (it == answer.end() || !it->is_array())
    return fail(Code::internal, {}, "the signer answers no keys");
  return *it;
}

// At least one: without a key nothing is ever signed.
Result<Json> keys_in(const Json& answer) {
  auto list = list_in(answer);
  if (list && list->empty()) return fail(Code::internal, {}, "the signer has no keys");
  return list;
}

Result<std::vector<RetiredLogKey>> retired_in(const Json& answer) {
  const auto list = list_in(answer);
  if (!list) return std::unexpected(list.error());
  std::vector<RetiredLogKey> keys;
  for (const Json& item : *list) {
    auto key = retired_log_key_in(item);
    if (!key) return fail(key);
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace

Task<Json> RemoteSigner::ask(Json request, Repeat repeat) {
  if (!workers_) co_return client_.ask(request, repeat);
  co_return co_await run_on<Json>(*workers_, *home_,
                                  [&client = client_, request = std::move(request), repeat] {
                                    return client.ask(request, repeat);
                                  });
}

Task<Json> RemoteSigner::recall(Json request) {
  Client::Memory& memory = client_.memory();
  const std::string text = print(request);
  if (auto kept = memory.find(text)) co_return std::move(*kept);
  const auto age = memory.age();
  Json answer = co_await ask(std::move(request), Repeat::harmless);
  memory.keep(text, answer, age);
  co_return answer;
}

Task<Json> RemoteSigner::change(Json request) {
  auto answer = co_await whole(ask(std::move(request), Repeat::refused));
  client_.memory().forget();  // whether or not the answer came
  co_return co_await std::move(answer);
}

Task<std::vector<tlog::NoteKey>> RemoteSigner::log_keys(LogId log) {
  const Json answer = co_await recall({{"do", "log_keys"}, {"log", spelt(log)}});
  std::vector<tlog::NoteKey> keys;
  for (const Json& key : co_await keys_in(answer))
    keys.push_back(co_await tlog::parse_vkey(key.is_string() ? key.get<std::string>() : ""));
  co_return keys;
}

Task<std::optional<tlog::Head>> RemoteSigner::signed_head(LogId log) {
  const Json answer = co_await ask({{"do", "signed_head"}, {"log", spelt(log)}}, Repeat::harmless);
  if (answer.empty()) co_return std::nullopt;
  co_return co_await head_in(answer);
}

// Not asked twice: the proof is of the head before, and would not hold once this one is signed.
Task<Bytes> RemoteSigner::sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) {
  Json request = to_json(head);
  request["do"] = "sign_checkpoint";
  request["log"] = spelt(log);
  request["proof"] = to_json(proof);
  const Json answer = co_await ask(std::move(request), Repeat::refused);
  co_return co_await bytes_in(answer, "note");
}

Task<std::vector<RetiredLogKey>> RemoteSigner::retired_log_keys(LogId log) {
  const Json answer = co_await recall({{"do", "retired_log_keys"}, {"log", spelt(log)}});
  co_return co_await retired_in(answer);
}

Task<tlog::NoteKey> RemoteSigner::rotate_log_key(LogId log) {
  const Json answer = co_await change({{"do", "rotate_log_key"}, {"log", spelt(log)}});
  co_return co_await tlog::parse_vkey(co_await text_in(answer, "key"));
}

Task<std::vector<RetiredLogKey>> RemoteSigner::retire_log_keys(LogId log) {
  const Json answer = co_await change({{"do", "retire_log_keys"}, {"log", spelt(log)}});
  co_return co_await retired_in(answer);
}

Task<std::vector<ReleaseKey>> RemoteSigner::release_keys() {
  const Json answer = co_await recall({{"do", "release_keys"}});
  std::vector<ReleaseKey> keys;
  for (const Json& key : co_await keys_in(answer)) keys.push_back(co_await release_key_in(key));
  co_return keys;
}

Task<ReleaseSignature> RemoteSigner::sign_release(Release release) {
  const Json answer = co_await ask({{"do", "sign_release"},
                                    {"name", release.name},
                                    {"version", release.version},
                                    {"archive", release.archive.base64()}},
                                   Repeat::harmless);
  ReleaseSignature made;
  made.key_id = co_await text_in(answer, "key_id");
  made.signature = co_await bytes_in(answer, "signature");
  co_return made;
}

Task<ReleaseKey> RemoteSigner::rotate_release_key() {
  co_return co_await release_key_in(co_await change({{"do", "rotate_release_key"}}));
}

}  // namespace kontor::signer
